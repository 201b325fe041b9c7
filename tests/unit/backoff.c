/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "base/backoff.h"

#include <errno.h>

#include "base/loop.h"
#include "tap.h"

static void
pauses_grow(void)
{
	struct backoff b = { 0 };
	int64_t now = 5000;

	ok(backoff_deadline(&b) == LOOP_NEVER && !backoff_is_pausing(&b, now),
	    "nothing pauses before a failure");
	backoff_fail(&b, now);
	ok(backoff_deadline(&b) == now + 10 &&
		backoff_is_pausing(&b, now + 9) &&
		!backoff_is_pausing(&b, now + 10),
	    "the first pause is 10 ms");
	backoff_fail(&b, now);
	ok(backoff_deadline(&b) == now + 20, "the next is twice as long");
	for (int i = 0; i < 100; i++)
		backoff_fail(&b, now);
	ok(backoff_deadline(&b) == now + 1000, "none exceeds a second");
	backoff_succeed(&b);
	ok(backoff_deadline(&b) == LOOP_NEVER && !backoff_is_pausing(&b, now),
	    "success ends the pauses");
	backoff_fail(&b, now);
	ok(backoff_deadline(&b) == now + 10, "and they begin anew");
}

static void
a_run_is_told_once(void)
{
	struct backoff b = { 0 };
	int64_t now = 5000;

	ok(backoff_fail(&b, now), "the first failure begins a run");
	ok(!backoff_fail(&b, now + 10), "the second does not");
	backoff_succeed(&b);
	ok(!backoff_fail(&b, now + 5000), "nor does one soon after a success");
	ok(backoff_fail(&b, now + 15000),
	    "one after ten seconds of calm begins another");
}

static void
shortages_are_told_from_failures(void)
{
	ok(backoff_is_shortage(ENOMEM) && backoff_is_shortage(ENOBUFS) &&
		backoff_is_shortage(EMFILE) && backoff_is_shortage(ENFILE),
	    "memory, buffers and descriptors come back");
	ok(!backoff_is_shortage(0) && !backoff_is_shortage(EAGAIN) &&
		!backoff_is_shortage(EIO) && !backoff_is_shortage(ECONNRESET),
	    "nothing else is a shortage");
}

int
main(void)
{
	pauses_grow();
	a_run_is_told_once();
	shortages_are_told_from_failures();
	return tap_end();
}
