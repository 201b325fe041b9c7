/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Reading follows writing: standard input is read, and members are heard,
 * while every member has room, and a star's while its output has some.
 */
#include "hub/hub.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/chat.h"
#include "hub/hubio.h"
#include "hub/member.h"

enum {
	LINE_MAX = 64 * 1024, /* of a line that is kept together */
	TURNS = 2, /* of the loop, in which one that can write has done so */
};

static void
release(struct hub *hub)
{
	if (--hub->users > 0)
		return;
	buffer_clear(&hub->input);
	buffer_clear(&hub->server.line);
	outqueue_clear(&hub->output);
	free(hub);
}

static void
push_to_others(
    struct member *from, const uint8_t *bytes, size_t length, bool is_message)
{
	struct member *p;

	TAILQ_FOREACH (p, &from->hub->members, others) {
		if (p != from)
			member_push(p, bytes, length, is_message);
	}
}

static void
say(struct member *from, const uint8_t *line, size_t length)
{
	char speaker[32] = "<server> ";
	uint8_t text[CHAT_OUTPUT_MAX];

	if (from->number != 0)
		snprintf(speaker, sizeof(speaker), "<user%lu> ", from->number);
	length = chat_line(speaker, line, length, text);
	push_to_others(from, text, length, true);
}

/* What one sent, whole: to the output, or to all the others. */
void
hub_deliver(struct member *p, const uint8_t *bytes, size_t length)
{
	struct hub *hub = p->hub;

	if (hub->options.kind == HUB_CHAT)
		say(p, bytes, length);
	else if (hub->options.kind == HUB_BROKER || p == &hub->server)
		push_to_others(p, bytes, length, p->stream.writes_messages);
	else if (outqueue_add(&hub->output, bytes, length) == -1)
		member_drop(p, strerror(errno));
}

static void
announce(struct member *p, const char *event, const char *where)
{
	char text[ADDRESS_TEXT + 64];
	uint8_t line[CHAT_OUTPUT_MAX];
	int length;

	if (p->hub->options.kind != HUB_CHAT)
		return;
	length = snprintf(
	    text, sizeof(text), "user%lu %s%s", p->number, event, where);
	push_to_others(p, line,
	    chat_line(
		"<announce> ", (const uint8_t *)text, (size_t)length, line),
	    true);
}

bool
hub_has_source(const struct hub *hub)
{
	return hub->options.kind != HUB_STAR ||
	    (hub->options.stdio->in != -1 && !hub->is_input_over);
}

struct stream *
hub_join(struct hub *hub, struct stream *client)
{
	struct member *p = member_new(hub, client);

	if (p == NULL)
		return NULL;
	p->number = ++hub->joined;
	hub->users++;
	TAILQ_INSERT_TAIL(&hub->members, p, others);
	announce(p, "joined from ", p->stream.source);
	member_update(p);
	return &p->stream;
}

void
hub_leave(struct member *p)
{
	struct hub *hub = p->hub;

	hub->leaving -= p->is_let_go;
	p->is_dropped = true; /* it counts no more */
	member_update(p);
	hub_stop_waiting(p);
	TAILQ_REMOVE(&hub->members, p, others);
	announce(p, "left", "");
	release(hub);
}

static void
hub_want(struct task *task, struct poll_set *set)
{
	struct hub *hub = (struct hub *)task;

	if (!hub->is_failed)
		hubio_want(hub, set);
}

static int64_t
hub_deadline(const struct task *task)
{
	const struct hub *hub = (const struct hub *)task;
	const struct member *slow = TAILQ_FIRST(&hub->clocked);
	const struct member *ended = TAILQ_FIRST(&hub->speakers);
	int64_t deadline;

	if (hub->is_failed)
		return LOOP_NEVER;
	if (hub->woken != NULL)
		return 0;
	deadline = hubio_deadline(hub);
	if (slow != NULL)
		deadline = loop_earlier(deadline, slow->look_at);
	if (ended != NULL)
		deadline = loop_earlier(deadline, ended->let_go_at);
	return deadline;
}

/* Where nothing more can come, who has ended has nothing to wait for. */
static void
let_members_go(struct hub *hub, int64_t now)
{
	struct member *p;

	while ((p = TAILQ_FIRST(&hub->speakers)) != NULL && p->let_go_at <= now)
		member_let_go(p);
	while (!hub_has_source(hub) && hub_spare(hub) != HUB_NO_SPARE)
		hub_let_go(hub);
}

static void
hub_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct hub *hub = (struct hub *)task;
	struct member *p;

	while ((p = TAILQ_FIRST(&hub->clocked)) != NULL && p->look_at <= now)
		member_check_slow(p, now);
	/* Who can write and does not has nothing to write any more. */
	if (hub->woken != NULL && ++hub->turns > TURNS)
		hub_stop_waiting(hub->woken);
	hubio_step(hub, set, now);
	let_members_go(hub, now);
}

static void
hub_free(struct task *task)
{
	release((struct hub *)task);
}

/* Who types an interrupt at the server's terminal says goodbye to all. */
static void
hub_interrupt(struct task *task, int number)
{
	struct hub *hub = (struct hub *)task;
	const struct stream *stdio = hub->options.stdio;

	if (number == SIGINT && stdio != NULL && stdio->is_terminal)
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
	hub->in_slot = hub->out_slot = -1;
	hub->line_max = options->kind == HUB_CHAT ? CHAT_LINE : LINE_MAX;
	hub->output.keeps_messages = options->stdio->writes_messages;
	TAILQ_INIT(&hub->members);
	TAILQ_INIT(&hub->waiting);
	TAILQ_INIT(&hub->clocked);
	TAILQ_INIT(&hub->speakers);
	TAILQ_INIT(&hub->listeners);
	member_init(&hub->server, hub, options->stdio->source);
	hub->server.stream.writes_messages = options->stdio->reads_messages;
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
	struct member *p;

	hub->is_finished = true;
	TAILQ_FOREACH (p, &hub->members, others) {
		member_update(p);
	}
	/* In a mesh they are told that nobody hears them any more. */
	while (hub->options.kind != HUB_STAR &&
	    (p = TAILQ_FIRST(&hub->waiting)) != NULL)
		hub_stop_waiting(p);
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
	const struct member *p;

	TAILQ_FOREACH (p, &hub->members, others) {
		if (!p->is_dropped && !member_is_drained(p))
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
hub_has_data(const struct hub *hub)
{
	return outqueue_used(&hub->output) > 0;
}

enum hub_spare
hub_spare(const struct hub *hub)
{
	if (!TAILQ_EMPTY(&hub->speakers))
		return HUB_SPARE_SPEAKER;
	return TAILQ_EMPTY(&hub->listeners) ? HUB_NO_SPARE : HUB_SPARE_LISTENER;
}

void
hub_let_go(struct hub *hub)
{
	struct member *p = TAILQ_FIRST(&hub->speakers);

	member_let_go(p != NULL ? p : TAILQ_FIRST(&hub->listeners));
}

size_t
hub_leaving(const struct hub *hub)
{
	return hub->leaving;
}
