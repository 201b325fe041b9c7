/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "world.h"

#include <poll.h>
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

void (*world_hear)(const char *line, size_t length);

/*
 * In the place of observe/lines: what is said is counted.  Trying again is no
 * error yet.
 */
void
lines_put(const char *line, size_t length)
{
	line_count += memmem(line, length, "trying again",
			  strlen("trying again")) == NULL;
	if (world_hear != NULL)
		world_hear(line, length);
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
	w->ended_at = w->now;
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

	if (!end_is_tcp(to) || to->is_dead || from->kind == MUTE)
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

/* A machine that is gone, by what keepalive tells of it. */
static void
let_end(struct end *e)
{
	const enum end_event all[] = { TAKES, e->is_silent ? FAILS : ENDS };

	for (size_t i = 0; i < 2; i++)
		if (end_can(e, all[i]))
			end_happen(e, all[i]);
}

void
world_let_end(struct world *w)
{
	let_end(&w->local);
	let_end(&w->remote);
}

/* How long that takes. */
static int64_t
time_of(const struct world *w, int event)
{
	switch (event) {
	case A_WHILE_PASSES:
		return PASSES_MS;
	case HOLD_RUNS_OUT:
		return w->scene->options.hold;
	case IDLE_RUNS_OUT:
		return w->scene->options.idle_timeout;
	default:
		if (event >= PASSES)
			return event - PASSES;
		return w->scene->is_at_once ? 0 : WORLD_SETTLE_MS;
	}
}

/* A message is too large only for an end that keeps messages. */
static bool
happen_to(struct end *e, const struct end *other, enum end_event what)
{
	if (!end_can(e, what) ||
	    (what == LARGE && !other->stream.writes_messages))
		return false;
	end_happen(e, what);
	return true;
}

bool
world_happen(struct world *w, int event)
{
	struct end *local = &w->local, *remote = &w->remote;
	int64_t time = time_of(w, event);

	if (w->scene->is_busy || event == LOCAL_SPEAKS)
		end_speak(local);
	if (w->scene->is_busy || event == REMOTE_SPEAKS)
		end_speak(remote);
	if (event < REMOTE &&
	    !happen_to(local, remote, (enum end_event)(event - LOCAL)))
		return false;
	if (event >= REMOTE && event < A_WHILE_PASSES &&
	    !happen_to(remote, local, (enum end_event)(event - REMOTE)))
		return false;
	if (time > 0)
		world_run(w, w->now + time);
	return true;
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
	w->local.stream.is_input_over = scene->is_input_over;
	w->task = relay_new(
	    &w->local.stream, &w->remote.stream, &scene->options, note_done, w);
	w->relay = (struct relay *)w->task;
	w->now = w->relay->started_at;
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

/*
 * What is typed ends with what the peer sends.  If the reader leaves, or the
 * peer's system vanishes, after our end was passed on, nothing is cut short
 * that was meant for the peer.
 */
static bool
has_failed_after_input(const struct world *w)
{
	const struct flow *out = &w->relay->outbound;
	const struct flow *in = &w->relay->inbound;

	return w->local.kind == TERMINAL && w->remote.is_end_read &&
	    out->state == FLOW_SHUT && out->failure == FLOW_OK &&
	    (in->failure == FLOW_SOURCE_FAILED || w->result.is_reader_gone);
}

void
world_close(struct world *w)
{
	bool is_by_choice = w->relay->outbound.state != FLOW_OPEN;

	if (w->scene->signal != 0)
		w->task->ops->interrupt(w->task, w->scene->signal);
	w->has_told_end = has_told_end(w, is_by_choice);
	w->has_failed_after_input = has_failed_after_input(w);
	w->task->ops->free(w->task);
	w->lines = lines_taken();
}
