/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Reading follows writing: standard input and the members of a mesh are read
 * while no member is full, the members of a star while its output is not.
 */
#include "hub/hub.h"

#include <signal.h>
#include <stdlib.h>

#include "hub/hub_impl.h"

struct stream *
hub_join(struct hub *hub, struct stream *client)
{
	struct member *m = memberio_new(hub, client);

	if (m == NULL)
		return NULL;
	member_join(m);
	route_announce(m, "joined from ", m->stream.source);
	return &m->stream;
}

static void
hub_want(struct task *task, struct poll_set *set)
{
	hubio_want((struct hub *)task, set);
}

static int64_t
hub_deadline(const struct task *task)
{
	const struct hub *hub = (const struct hub *)task;
	const struct member *timed = TAILQ_FIRST(&hub->timed);
	const struct member *ended = TAILQ_FIRST(&hub->ended_speakers);
	int64_t deadline;

	if (hub->output.is_failed)
		return LOOP_NEVER;
	if (hub->turns.current != NULL)
		return 0;
	deadline = hubio_deadline(hub);
	if (timed != NULL)
		deadline = loop_earlier(deadline, timed->look_at);
	if (ended != NULL)
		deadline = loop_earlier(deadline, ended->close_at);
	return deadline;
}

/* A star has nothing more to send then, unless its input has failed. */
static void
input_ended(struct hub *hub)
{
	if (hub->options.kind == HUB_STAR && !hub->input.is_failed)
		hub_finish(hub);
	hub->options.input_ended(hub->options.context);
}

/* One that has ended waits for nothing where nothing more can come. */
static void
close_ended(struct hub *hub, int64_t now)
{
	struct member *m;

	while ((m = TAILQ_FIRST(&hub->ended_speakers)) != NULL &&
	    m->close_at <= now)
		member_close(m);
	while (!route_has_source(hub) && hub_spare(hub) != HUB_NO_SPARE)
		hub_close_spare(hub);
}

static void
hub_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct hub *hub = (struct hub *)task;
	bool was_over = hub->input.is_over;
	struct member *m;

	while ((m = TAILQ_FIRST(&hub->timed)) != NULL && m->look_at <= now)
		if (!progress_check(m, now))
			member_drop(m, "too slow");
	turns_step(hub);
	hubio_step(hub, set, now);
	if (hub->input.is_over && !was_over)
		input_ended(hub);
	close_ended(hub, now);
}

static void
hub_free(struct task *task)
{
	hub_release((struct hub *)task);
}

/* An interrupt that is typed at the server's terminal ends all in order. */
static void
hub_interrupt(struct task *task, int number)
{
	struct hub *hub = (struct hub *)task;

	if (number == SIGINT && hub->options.stdio->is_terminal)
		hub_finish(hub);
}

static const struct task_ops hub_ops = {
	.name = "hub",
	.want = hub_want,
	.deadline = hub_deadline,
	.step = hub_step,
	.interrupt = hub_interrupt,
	.free = hub_free,
};

struct hub *
hub_new(const struct hub_options *options)
{
	struct hub *hub = calloc(1, sizeof(*hub));

	if (hub == NULL)
		return NULL;
	hub->task.ops = &hub_ops;
	hub->options = *options;
	hub->users = 1;
	hub->input.slot = hub->output.slot = -1;
	hub->output.queue.keeps_messages = options->stdio->writes_messages;
	TAILQ_INIT(&hub->members);
	TAILQ_INIT(&hub->turns.waiting);
	TAILQ_INIT(&hub->timed);
	TAILQ_INIT(&hub->ended_speakers);
	TAILQ_INIT(&hub->ended_listeners);
	memberio_init_input(hub);
	return hub;
}

struct task *
hub_task(struct hub *hub)
{
	return &hub->task;
}

void
hub_finish(struct hub *hub)
{
	struct member *m;

	hub->is_finished = true;
	TAILQ_FOREACH (m, &hub->members, others) {
		member_update(m);
	}
	/* In a mesh, senders that wait get an error: nobody reads them. */
	while (hub->options.kind != HUB_STAR &&
	    (m = TAILQ_FIRST(&hub->turns.waiting)) != NULL)
		turns_leave(m);
}

void
hub_stop(struct hub *hub)
{
	const struct stream *stdio = hub->options.stdio;

	hub->is_cut = hub->options.kind == HUB_STAR && !stdio->is_mute &&
	    !stdio->is_input_over;
	hub_finish(hub);
}

void
hub_drain(struct hub *hub)
{
	hub->is_draining = true;
	hub_finish(hub);
}

bool
hub_is_drained(const struct hub *hub)
{
	const struct member *m;

	TAILQ_FOREACH (m, &hub->members, others) {
		if (!m->is_dropped && !progress_is_complete(m))
			return false;
	}
	return true;
}

size_t
hub_count(const struct hub *hub)
{
	return hub->users - 1;
}

bool
hub_has_output(const struct hub *hub)
{
	return outqueue_used(&hub->output.queue) > 0;
}

enum hub_spare
hub_spare(const struct hub *hub)
{
	if (!TAILQ_EMPTY(&hub->ended_speakers))
		return HUB_SPARE_SPEAKER;
	return TAILQ_EMPTY(&hub->ended_listeners) ? HUB_NO_SPARE
						  : HUB_SPARE_LISTENER;
}

void
hub_close_spare(struct hub *hub)
{
	struct member *m = TAILQ_FIRST(&hub->ended_speakers);

	member_close(m != NULL ? m : TAILQ_FIRST(&hub->ended_listeners));
}

size_t
hub_closing(const struct hub *hub)
{
	return hub->closing;
}
