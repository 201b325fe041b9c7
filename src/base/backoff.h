/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * When to retry what failed because the system is short of something: after 10
 * ms, doubling up to a second.
 */
#ifndef SOCKCAT_BASE_BACKOFF_H
#define SOCKCAT_BASE_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

/* All zero: nothing has failed. */
struct backoff {
	int64_t pause;     /* milliseconds, 0 once a try has succeeded */
	int64_t until;     /* loop_now() */
	int64_t failed_at; /* loop_now(), 0: never */
};

/*
 * Whether an errno says that the system or the process is short of memory,
 * buffers or descriptors, which passes.
 */
bool backoff_is_shortage(int error);

/*
 * A try has failed.  Returns whether this begins a run of failures, which is
 * then logged.  A run is over when nothing has failed for ten seconds, so that
 * occasional failures do not fill a log.
 */
bool backoff_fail(struct backoff *, int64_t now);

/* A try has succeeded: the next pause will be a short one. */
void backoff_succeed(struct backoff *);

/* Whether nothing may be tried yet. */
bool backoff_is_pausing(const struct backoff *, int64_t now);

/* When to try again; INT64_MAX (LOOP_NEVER) if the last try succeeded. */
int64_t backoff_deadline(const struct backoff *);

#endif
