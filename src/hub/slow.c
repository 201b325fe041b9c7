/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Who is too slow.  A reader that goes on shows it in what its system
 * acknowledges, though not always by room for more.
 */
#include "hub/member.h"

enum {
	PROGRESS = 64 * 1024, /* of a client that goes on */
	LOOKS = 16,           /* in the time that one may take */
};

/* Of what was sent to the client, what its system has acknowledged. */
static int64_t
count_delivered(const struct member *p)
{
	return (int64_t)p->stream.passed_on - (int64_t)stream_unsent(p->client);
}

/* Often enough that a client that is too slow goes when its time is over. */
static void
look_again(struct member *p, int64_t now)
{
	int64_t timeout = p->hub->options.slow_timeout;

	p->look_at =
	    loop_after(now, timeout < LOOKS ? timeout : timeout / LOOKS);
	TAILQ_INSERT_TAIL(&p->hub->clocked, p, clocked);
}

static void
restart_clock(struct member *p, int64_t now)
{
	p->delivered = count_delivered(p);
	p->slow_at = loop_after(now, p->hub->options.slow_timeout);
}

void
member_set_clocked(struct member *p, bool is_clocked)
{
	if (is_clocked == p->is_clocked)
		return;
	p->is_clocked = is_clocked;
	if (is_clocked) {
		restart_clock(p, loop_now());
		look_again(p, loop_now());
	} else {
		TAILQ_REMOVE(&p->hub->clocked, p, clocked);
	}
}

void
member_check_slow(struct member *p, int64_t now)
{
	TAILQ_REMOVE(&p->hub->clocked, p, clocked);
	look_again(p, now);
	if (count_delivered(p) - p->delivered >= PROGRESS ||
	    member_is_drained(p))
		restart_clock(p, now);
	else if (now >= p->slow_at)
		member_drop(p, "too slow");
}
