/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A reader that makes progress shows it in what its system acknowledges, and
 * not always in space for more.
 */
#include "hub/hub_impl.h"

enum {
	PROGRESS = 64 * 1024, /* bytes within --slow-timeout */
	LOOKS = 16,           /* within the same */
};

/* Of what was sent to the client, what its system has acknowledged. */
static int64_t
count_acknowledged(const struct member *m)
{
	return (int64_t)m->stream.passed_on - (int64_t)stream_unsent(m->client);
}

/* Often enough that a client that is too slow goes when its time is over. */
static void
look_later(struct member *m, int64_t now)
{
	int64_t timeout = m->hub->options.slow_timeout;

	m->look_at =
	    loop_after(now, timeout < LOOKS ? timeout : timeout / LOOKS);
	TAILQ_INSERT_TAIL(&m->hub->timed, m, timed);
}

static void
restart_time(struct member *m, int64_t now)
{
	m->acknowledged = count_acknowledged(m);
	m->slow_at = loop_after(now, m->hub->options.slow_timeout);
}

void
progress_set_timed(struct member *m, bool is_timed)
{
	if (is_timed == m->is_timed)
		return;
	m->is_timed = is_timed;
	if (is_timed) {
		restart_time(m, loop_now());
		look_later(m, loop_now());
	} else {
		TAILQ_REMOVE(&m->hub->timed, m, timed);
	}
}

bool
progress_check(struct member *m, int64_t now)
{
	TAILQ_REMOVE(&m->hub->timed, m, timed);
	look_later(m, now);
	if (count_acknowledged(m) - m->acknowledged < PROGRESS &&
	    !progress_is_complete(m))
		return now < m->slow_at;
	restart_time(m, now);
	return true;
}

bool
progress_is_complete(const struct member *m)
{
	return m->is_given_up ||
	    (m->is_end_read && stream_unsent(m->client) == 0);
}
