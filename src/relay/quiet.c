/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The clock runs only while we wait for the peer.  It costs little: the kernel
 * is asked about the connection only when the time is over.
 */
#include "relay/quiet.h"

#include "base/loop.h"
#include "stream/stream.h"

enum {
	QUIET_MS = 300,    /* by default */
	LONGEST_MS = 3000, /* if the peer makes pauses */
	PAUSES = 3,        /* times the longest pause so far */
	ROUND_TRIPS = 4,   /* of a slow line, and some more */
	ROUND_TRIPS_MS = 200,
	OVERSLEPT_MS = 100, /* this process was stopped, or not scheduled */
};

void
quiet_init(struct quiet *q, int64_t after, int64_t now)
{
	*q = (struct quiet){
		.after = after < 0 ? QUIET_MS : after,
		.is_exact = after >= 0,
		.since = now,
		.look_at = loop_after(now, after < 0 ? QUIET_MS : after),
	};
}

/* The silence that is waited for. */
static int64_t
wanted(const struct quiet *q)
{
	int64_t grown = PAUSES * q->longest;

	if (q->is_exact || grown <= q->after)
		return q->after;
	return grown < LONGEST_MS ? grown : LONGEST_MS;
}

static void
restart(struct quiet *q, int64_t now)
{
	q->since = now;
	q->look_at = loop_after(now, wanted(q));
}

void
quiet_note(struct quiet *q, uint64_t heard, uint64_t sent, bool is_waiting,
    int64_t now)
{
	bool has_moved = heard != q->heard || sent != q->sent;

	if (heard != q->heard && q->since != LOOP_NEVER &&
	    now - q->since > q->longest)
		q->longest = now - q->since;
	q->heard = heard;
	q->sent = sent;
	if (!is_waiting)
		q->since = q->look_at = LOOP_NEVER;
	else if (has_moved || q->since == LOOP_NEVER)
		restart(q, now);
}

int64_t
quiet_deadline(const struct quiet *q)
{
	return q->look_at;
}

bool
quiet_is_over(struct quiet *q, struct stream *peer, int64_t now)
{
	int64_t slow;

	if (now < q->look_at)
		return false;
	if (now > loop_after(q->look_at, OVERSLEPT_MS)) {
		restart(q, now);
		return false;
	}
	if (q->is_exact)
		return true;
	slow = ROUND_TRIPS * stream_round_trip(peer) + ROUND_TRIPS_MS;
	if (now - q->since < slow) {
		q->look_at = loop_after(q->since, slow);
		return false;
	}
	/* It cannot answer what has not arrived. */
	if (stream_unsent(peer) > 0) {
		restart(q, now);
		return false;
	}
	return stream_input_queued(peer) == 0;
}
