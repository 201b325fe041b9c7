/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "world.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "observe/lines.h"
#include "relay/relay_impl.h"

enum {
	LOCAL_FD = 1000,
	REMOTE_FD = 2000,
	PASSES_MS = 3000, /* when a while passes */
	SPINS_MAX = 3,    /* turns in which nothing moved, nor the clock */
	TURNS_MAX = 2000, /* in which nothing moved */
};

static size_t line_count;

bool are_lines_shown;

/*
 * In the place of observe/lines: what is said is counted.  Trying again is no
 * error yet.
 */
void
lines_put(const char *line, size_t length)
{
	line_count += memmem(line, length, "trying again",
			  strlen("trying again")) == NULL;
	if (are_lines_shown)
		printf("#     %.*s", (int)length, line);
}

void
lines_set_lost(lines_lost *tell)
{
	(void)tell;
}

void
lines_end(void)
{
}

static size_t
lines_taken(void)
{
	size_t count = line_count;

	line_count = 0;
	return count;
}

void
world_find(struct world *w, const char *what)
{
	if (w->wrong == NULL)
		w->wrong = what;
}

static void
note_done(void *context, const struct relay_result *result)
{
	struct world *w = context;

	w->done++;
	w->result = *result;
}

static void
advance(struct world *w)
{
	end_advance(&w->local);
	end_advance(&w->remote);
}

/* In the place of poll(2).  Returns whether anything is ready. */
static bool
poll_ends(struct world *w)
{
	bool is_any = false;

	for (size_t i = 0; i < w->set.count; i++) {
		struct pollfd *p = &w->fds[i];
		const struct end *e =
		    p->fd >= REMOTE_FD ? &w->remote : &w->local;

		p->revents =
		    (short)(p->events | POLLERR | POLLHUP) & end_poll(e, p->fd);
		is_any |= p->revents != 0;
	}
	return is_any;
}

/* Grows with whatever has changed. */
static size_t
progress(const struct world *w)
{
	const struct relay *r = w->relay;

	return w->local.moves + w->remote.moves +
	    (size_t)(r->outbound.state + r->inbound.state + r->is_leaving +
		r->is_quitting + w->done);
}

/*
 * While a source has not come to its end, or something of it is not written,
 * our death is a reset; afterwards it is none.
 */
static void
look_at_abort(struct world *w, const struct flow *f, const struct end *from,
    const struct end *to)
{
	bool is_complete = from->is_end_read && from->read == to->written;
	bool is_cut = f->failure != FLOW_OK;
	bool is_by_choice = f->state != FLOW_OPEN && !from->is_end_read;

	if (!end_is_tcp(to) || to->is_dead || from->make == MUTE)
		return;
	if (!to->aborts && !to->stream.is_reset && !is_complete &&
	    (is_cut || !is_by_choice))
		world_find(w, "its death would pass for an end");
	if (to->aborts && is_complete && !is_cut)
		world_find(w, "its death would reset what is complete");
}

static void
step(struct world *w)
{
	const struct relay *r = w->relay;
	size_t before = progress(w);

	w->task->ops->step(w->task, &w->set, w->now);
	if (progress(w) == before) {
		w->spins++;
		w->turns++;
	} else {
		w->spins = 0;
	}
	if (w->spins > SPINS_MAX || w->turns > TURNS_MAX)
		world_find(w, "it spins");
	if (r->is_leaving || w->task->done)
		return;
	look_at_abort(w, &r->outbound, &w->local, &w->remote);
	look_at_abort(w, &r->inbound, &w->remote, &w->local);
}

/* When something comes by itself, the relay's deadline or a reset. */
static int64_t
next_moment(const struct world *w)
{
	return loop_earlier(w->task->ops->deadline(w->task),
	    loop_earlier(w->local.dies_at, w->remote.dies_at));
}

/* A turn of the loop.  Returns false if nothing happens until that time. */
static bool
turn(struct world *w, int64_t until)
{
	int64_t due;
	bool is_any;

	advance(w);
	w->set.count = 0;
	w->task->ops->want(w->task, &w->set);
	is_any = poll_ends(w);
	due = next_moment(w);
	if (!is_any && due > until)
		return false;
	if (!is_any && due > w->now) {
		w->now = due;
		w->spins = 0;
		advance(w);
		is_any = poll_ends(w);
	}
	if (is_any || w->task->ops->deadline(w->task) <= w->now)
		step(w);
	return true;
}

void
world_run(struct world *w, int64_t until)
{
	while (!w->task->done && w->wrong == NULL && turn(w, until))
		;
	if (w->now < until)
		w->now = until;
}

static bool
is_wanted(const struct world *w, int fd, short events)
{
	for (size_t i = 0; i < w->set.count; i++)
		if (w->fds[i].fd == fd && w->fds[i].events & events)
			return true;
	return false;
}

/* Whether that end can still bring something that is waited for. */
static bool
is_source_awaited(
    const struct world *w, const struct end *e, const struct flow *f)
{
	if (e->has_ended || e->failure != 0 || e->make == MUTE)
		return false;
	if (!end_is_polled(e))
		return f->state == FLOW_OPEN;
	return is_wanted(w, e->stream.in, POLLIN);
}

static bool
is_sink_awaited(
    const struct world *w, const struct end *e, const struct flow *f)
{
	if (e->sink != SINK_FULL)
		return false;
	if (!end_is_polled(e))
		return f->is_blocked;
	return is_wanted(w, e->stream.out, POLLOUT);
}

void
world_look_at_wait(struct world *w)
{
	const struct relay *r = w->relay;
	const struct end *local = &w->local, *remote = &w->remote;
	bool waits_for_reader = is_sink_awaited(w, local, &r->inbound);
	bool waits = waits_for_reader ||
	    is_source_awaited(w, local, &r->outbound) ||
	    is_source_awaited(w, remote, &r->inbound) ||
	    is_sink_awaited(w, remote, &r->outbound);

	if (w->task->done || w->task->ops->deadline(w->task) != LOOP_NEVER)
		return;
	if (!waits)
		world_find(w, "nothing can move it");
	else if (remote->is_death_seen && remote->stream.kind->is_connection &&
	    !r->options.tolerate_abort &&
	    (!waits_for_reader || relay_has_answer(r)))
		world_find(w, "it goes on with a dead peer");
	else if (local->is_death_seen && local->is_cut &&
	    local->stream.kind->is_connection)
		world_find(w, "it goes on with a dead target");
}

void
world_let_end(struct world *w)
{
	end_happen(&w->local, TAKES);
	end_happen(&w->remote, TAKES);
	end_happen(&w->local, ENDS);
	end_happen(&w->remote, ENDS);
}

/* Datagrams end by time alone, which begins when our input has ended. */
bool
world_has_an_end(const struct world *w)
{
	const struct stream *local = &w->local.stream;
	const struct stream *remote = &w->remote.stream;
	const struct relay_options *o = &w->scene->options;

	if (!local->is_connectionless && !remote->is_connectionless)
		return true;
	if (local->is_mute ||
	    (local->is_connectionless && remote->is_connectionless))
		return o->idle_timeout >= 0;
	return o->hold >= 0 || o->idle_timeout >= 0;
}

void
world_happen(struct world *w, int event)
{
	bool is_time = event == A_WHILE_PASSES;

	if (w->scene->is_busy) {
		end_speak(&w->local);
		end_speak(&w->remote);
	}
	if (!is_time && event < HAPPENINGS)
		end_happen(&w->local, (enum happening)event);
	else if (!is_time)
		end_happen(&w->remote, (enum happening)(event - HAPPENINGS));
	if (is_time || !w->scene->is_at_once)
		world_run(w, w->now + (is_time ? PASSES_MS : WORLD_SETTLE_MS));
}

void
world_open(struct world *w, const struct scene *scene)
{
	lines_taken();
	*w = (struct world){ .scene = scene, .now = loop_now() };
	w->set.fds = w->fds;
	w->set.size = WORLD_SLOTS;
	end_init(
	    &w->local, scene->local, "local", LOCAL_FD, &w->now, scene->delay);
	end_init(&w->remote, scene->remote, "remote", REMOTE_FD, &w->now,
	    scene->delay);
	w->task = relay_new(
	    &w->local.stream, &w->remote.stream, &scene->options, note_done, w);
	w->relay = (struct relay *)w->task;
	w->local.is_let_go = w->remote.is_let_go = &w->relay->is_leaving;
}

/* Without having come to the end of the input. */
static bool
has_told_end(const struct world *w, bool is_by_choice)
{
	const struct relay *r = w->relay;

	if (r->is_leaving)
		return !r->remote->is_reset;
	return is_by_choice && r->outbound.state == FLOW_SHUT &&
	    r->outbound.failure == FLOW_OK;
}

void
world_close(struct world *w)
{
	bool is_by_choice = w->relay->outbound.state != FLOW_OPEN;

	if (w->scene->is_interrupted)
		w->task->ops->interrupt(w->task, SIGTERM);
	w->has_told_end = has_told_end(w, is_by_choice);
	w->task->ops->free(w->task);
	w->lines = lines_taken();
}
