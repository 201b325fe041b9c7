/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Senders wait for the slowest member that still makes progress.  Each that
 * waits has one write when there is space again, so that a sender that never
 * pauses does not keep the others from theirs.
 */
#include <poll.h>

#include "hub/hub_impl.h"

enum {
	OUTPUT_FULL = 256 * 1024, /* bytes that wait for standard output */
	LOOPS = 2, /* turns of the loop; who can write has written by then */
};

/* Whether there is no space.  Nobody waits for its own queue. */
static bool
is_blocked(const struct member *m)
{
	const struct hub *hub = m->hub;

	if (hub->options.kind == HUB_STAR && m != &hub->input.member)
		return outqueue_used(&hub->output.queue) >= OUTPUT_FULL;
	return hub->full > m->is_full;
}

/* The input of a star is its only sender. */
static bool
has_turns(const struct member *m)
{
	return m->hub->options.kind != HUB_STAR || m != &m->hub->input.member;
}

/* Whether its client's relay can write to it. */
static void
set_writable(struct member *m)
{
	if (!m->is_waiting || m->hub->turns.current == m)
		m->stream.ready |= POLLOUT;
	else
		m->stream.ready &= ~POLLOUT;
}

bool
turns_must_wait(const struct member *m)
{
	const struct hub *hub = m->hub;

	if (is_blocked(m))
		return true;
	/* The only one that is full would wait for others that wait for it. */
	if (hub->turns.current == m || !has_turns(m) ||
	    (hub->options.kind != HUB_STAR && m->is_full))
		return false;
	return !TAILQ_EMPTY(&hub->turns.waiting);
}

/* All wait for the same, except that none waits for itself. */
static struct member *
find_next(const struct hub *hub)
{
	struct member *m;

	TAILQ_FOREACH (m, &hub->turns.waiting, waiting) {
		if (!is_blocked(m))
			return m;
		if (hub->options.kind == HUB_STAR || hub->full != 1)
			break;
	}
	return NULL;
}

void
turns_give(struct hub *hub)
{
	struct turns *t = &hub->turns;

	if (t->current != NULL)
		return;
	t->current = find_next(hub);
	t->loops = 0;
	if (t->current != NULL)
		set_writable(t->current);
}

static void
end_turn(struct member *m)
{
	struct hub *hub = m->hub;

	if (hub->turns.current == m)
		hub->turns.current = NULL;
	set_writable(m);
	turns_give(hub);
}

void
turns_wait(struct member *m)
{
	if (!m->is_waiting && has_turns(m)) {
		m->is_waiting = true;
		TAILQ_INSERT_TAIL(&m->hub->turns.waiting, m, waiting);
	}
	end_turn(m);
}

void
turns_leave(struct member *m)
{
	if (!m->is_waiting)
		return;
	m->is_waiting = false;
	TAILQ_REMOVE(&m->hub->turns.waiting, m, waiting);
	end_turn(m);
}

void
turns_step(struct hub *hub)
{
	struct turns *t = &hub->turns;

	if (t->current != NULL && ++t->loops > LOOPS)
		turns_leave(t->current);
}
