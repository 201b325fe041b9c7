/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Attempts start one after the other.  Each is connecting until it fails or
 * wins; unix sockets, which poll(2) cannot wait for, are tried again instead.
 */
#include "dial/race.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "dial/attempt.h"
#include "dial/redial.h"
#include "dial/stage.h"
#include "dial/target.h"
#include "net/address_list.h"
#include "net/transport.h"
#include "stream/datagram.h"
#include "stream/stream.h"

enum {
	NEXT_ATTEMPT_MS = 250, /* RFC 8305 section 8 */
	FULL_QUEUE_MS = 10,    /* a unix listener's queue: ask again */
};

struct race {
	struct stage stage;
	struct attempt *attempts; /* one for each address of the path */
	size_t count, next;
	int64_t next_at;    /* when to start the next attempt */
	int64_t lock_until; /* on a directory; 0: not yet asked for */
};

static bool
race_is_won(const struct race *r)
{
	return r->stage.path->stream != NULL;
}

static bool
race_is_unix(const struct race *r)
{
	return r->stage.path->target->transport->domain == TRANSPORT_UNIX;
}

/* The next address has its turn at once. */
static void
race_fail(struct race *r, struct attempt *a, int error)
{
	attempt_fail(a, r->stage.path->target, error);
	dial_path_tell(r->stage.path, &a->failure);
	r->next_at = 0;
}

/* A datagram socket can still go to the addresses that were not tried. */
static void
race_win(struct race *r, struct attempt *a)
{
	struct dial_path *p = r->stage.path;

	p->stream = attempt_stream(a, p->target);
	if (p->stream == NULL) {
		race_fail(r, a, errno);
		return;
	}
	if (p->stream->is_connectionless)
		datagram_set_reconnect(p->stream,
		    redial_new(p->target, &p->sources, a->address,
			&p->addresses.items[r->next], r->count - r->next));
}

static void
race_check(struct race *r, struct attempt *a, short events)
{
	int error = attempt_error(a, events);

	if (error == 0)
		race_win(r, a);
	else
		race_fail(r, a, error);
}

static void
race_connect(struct race *r, struct attempt *a, int64_t now)
{
	if (attempt_connect(a) == 0) {
		race_check(r, a, 0);
	} else if (errno == EAGAIN && race_is_unix(r)) {
		/* The listener's queue is full; poll(2) cannot wait for it. */
		r->next_at = loop_after(now, FULL_QUEUE_MS);
	} else if (errno != EINPROGRESS && errno != EINTR) {
		race_fail(r, a, errno);
	}
}

/* Whether the directory of the local path is to be asked for again. */
static bool
race_waits_for_lock(struct race *r, struct attempt *a, int64_t now)
{
	if (!race_is_unix(r) || errno != EAGAIN)
		return false;
	if (r->lock_until == 0)
		r->lock_until = loop_after(now, UNIXPATH_LOCK_MS);
	if (r->lock_until <= now)
		return false;
	attempt_release(a);
	r->next--;
	r->next_at = loop_after(now, UNIXPATH_RETRY_MS);
	return true;
}

static void
race_start_attempt(struct race *r, struct attempt *a, int64_t now)
{
	const struct dial_path *p = r->stage.path;

	if (attempt_open(a, p->target, &p->sources) == -1) {
		if (!race_waits_for_lock(r, a, now))
			race_fail(r, a, errno);
		return;
	}
	a->state = ATTEMPT_CONNECTING;
	r->next_at = loop_after(now, NEXT_ATTEMPT_MS);
	race_connect(r, a, now);
}

static bool
race_is_running(const struct race *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->attempts[i].state == ATTEMPT_CONNECTING)
			return true;
	return r->next < r->count;
}

static void
race_add_failures(struct race *r)
{
	for (size_t i = 0; i < r->count; i++)
		dial_path_add(r->stage.path, &r->attempts[i].failure);
}

/* Starts attempts until one is under way that deserves its 250 ms. */
static enum stage_code
race_go_on(struct race *r, int64_t now)
{
	while (!race_is_won(r) && r->next < r->count && r->next_at <= now)
		race_start_attempt(r, &r->attempts[r->next++], now);
	if (race_is_won(r))
		return STAGE_DONE;
	if (race_is_running(r))
		return STAGE_WAITS;
	race_add_failures(r);
	return STAGE_FAILED;
}

static enum stage_code
race_start(struct stage *s, int64_t now)
{
	struct race *r = (struct race *)s;
	struct address_list *list = &s->path->addresses;

	r->attempts = calloc(list->count, sizeof(*r->attempts));
	if (r->attempts == NULL) {
		dial_path_fail(s->path, errno, strerror(errno));
		return STAGE_FAILED;
	}
	address_list_alternate(list);
	for (; r->count < list->count; r->count++)
		attempt_init(&r->attempts[r->count], &list->items[r->count]);
	return race_go_on(r, now);
}

/* Unix attempts wait for the clock, not for their socket. */
static bool
race_is_retrying(const struct race *r, const struct attempt *a)
{
	return a->state == ATTEMPT_CONNECTING && race_is_unix(r);
}

static void
race_want(struct stage *s, struct poll_set *set)
{
	struct race *r = (struct race *)s;

	for (size_t i = 0; i < r->count; i++) {
		struct attempt *a = &r->attempts[i];

		a->slot = -1;
		if (a->state == ATTEMPT_CONNECTING && !race_is_retrying(r, a))
			a->slot = poll_set_add(set, a->fd, POLLOUT);
	}
}

static int64_t
race_deadline(const struct stage *s)
{
	const struct race *r = (const struct race *)s;

	if (r->next < r->count || race_is_retrying(r, &r->attempts[0]))
		return r->next_at;
	return LOOP_NEVER;
}

static enum stage_code
race_step(struct stage *s, const struct poll_set *set, int64_t now)
{
	struct race *r = (struct race *)s;

	for (size_t i = 0; i < r->count && !race_is_won(r); i++) {
		struct attempt *a = &r->attempts[i];
		short events = poll_set_events(set, a->slot);

		if (events != 0)
			race_check(r, a, events);
		else if (race_is_retrying(r, a) && r->next_at <= now)
			race_connect(r, a, now);
	}
	return race_go_on(r, now);
}

static void
race_expire(struct stage *s)
{
	struct race *r = (struct race *)s;

	for (size_t i = 0; i < r->count; i++)
		if (r->attempts[i].state != ATTEMPT_FAILED)
			race_fail(r, &r->attempts[i], ETIMEDOUT);
	race_add_failures(r);
}

/* Those that have not won are closed. */
static void
race_clear(struct stage *s)
{
	struct race *r = (struct race *)s;

	for (size_t i = 0; i < r->count; i++)
		attempt_release(&r->attempts[i]);
	free(r->attempts);
}

const struct stage_ops connect_stage = {
	.name = DIAL_CONNECT,
	.size = sizeof(struct race),
	.start = race_start,
	.want = race_want,
	.deadline = race_deadline,
	.step = race_step,
	.expire = race_expire,
	.clear = race_clear,
};
