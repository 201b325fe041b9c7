/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "base/backoff.h"

#include <errno.h>

/* Milliseconds. */
enum { FIRST_PAUSE = 10, LONGEST_PAUSE = 1000, CALM = 10000 };

bool
backoff_is_shortage(int error)
{
	return error == ENOMEM || error == ENOBUFS || error == EMFILE ||
	    error == ENFILE;
}

bool
backoff_fail(struct backoff *b, int64_t now)
{
	bool begins = b->failed_at == 0 || now - b->failed_at >= CALM;

	b->pause = b->pause == 0 ? FIRST_PAUSE : 2 * b->pause;
	if (b->pause > LONGEST_PAUSE)
		b->pause = LONGEST_PAUSE;
	b->until = now + b->pause;
	b->failed_at = now;
	return begins;
}

void
backoff_succeed(struct backoff *b)
{
	b->pause = 0;
}

bool
backoff_is_pausing(const struct backoff *b, int64_t now)
{
	return b->pause > 0 && now < b->until;
}

int64_t
backoff_deadline(const struct backoff *b)
{
	return b->pause > 0 ? b->until : INT64_MAX;
}
