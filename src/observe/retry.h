/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What failed for a reason that passes is tried again, and that is told.
 */
#ifndef SOCKCAT_OBSERVE_RETRY_H
#define SOCKCAT_OBSERVE_RETRY_H

#include <stdint.h>

struct backoff;

/*
 * A call for what, such as "standard output", has failed with an errno:
 * begins a pause, and tells it once for a run of failures.  EAGAIN is not
 * told: a queue is full, and nothing is wrong.
 */
void retry_later(struct backoff *, const char *what, int error, int64_t now);

#endif
