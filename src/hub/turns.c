/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Whose turn it is to send.  Senders wait for the slowest member that still
 * goes on; each that waits has one write when there is room again, so that
 * none that never pauses keeps the others from theirs.
 */
#include <poll.h>

#include "hub/member.h"

enum { OUTPUT_MAX = 256 * 1024 /* that waits for standard output */ };

/* Whether there is no room: for one's own bytes one has always some. */
static bool
is_blocked(const struct member *p)
{
	const struct hub *hub = p->hub;

	if (hub->options.kind == HUB_STAR && p != &hub->server)
		return outqueue_used(&hub->output) >= OUTPUT_MAX;
	return hub->full > p->is_full;
}

/* The input of a star is its only sender. */
static bool
has_turns(const struct member *p)
{
	return p->hub->options.kind != HUB_STAR || p != &p->hub->server;
}

bool
hub_holds(const struct member *p)
{
	const struct hub *hub = p->hub;

	if (is_blocked(p))
		return true;
	/* The only one that is full would wait for others that wait for it. */
	if (hub->woken == p || !has_turns(p) ||
	    (hub->options.kind != HUB_STAR && p->is_full))
		return false;
	return !TAILQ_EMPTY(&hub->waiting);
}

/* All wait for the same, but that none waits for itself. */
static struct member *
next(const struct hub *hub)
{
	struct member *p;

	TAILQ_FOREACH (p, &hub->waiting, waiting) {
		if (!is_blocked(p))
			return p;
		if (hub->options.kind == HUB_STAR || hub->full != 1)
			break;
	}
	return NULL;
}

void
hub_wake(struct hub *hub)
{
	if (hub->woken != NULL)
		return;
	hub->woken = next(hub);
	hub->turns = 0;
	if (hub->woken != NULL)
		member_update(hub->woken);
}

void
hub_wait(struct member *p)
{
	struct hub *hub = p->hub;

	if (!p->is_waiting && has_turns(p)) {
		p->is_waiting = true;
		TAILQ_INSERT_TAIL(&hub->waiting, p, waiting);
	}
	if (hub->woken == p)
		hub->woken = NULL;
	member_update(p);
	hub_wake(hub);
}

void
hub_stop_waiting(struct member *p)
{
	struct hub *hub = p->hub;

	if (!p->is_waiting)
		return;
	p->is_waiting = false;
	TAILQ_REMOVE(&hub->waiting, p, waiting);
	if (hub->woken == p)
		hub->woken = NULL;
	member_update(p);
	hub_wake(hub);
}
