/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A thread for one piece of work that may take long and cannot be polled.
 *
 * It blocks all signals, and while it runs nobody else may look at its
 * context.  The two meet at a pipe; whoever of them leaves last frees.
 */
#ifndef SOCKCAT_BASE_WORKER_H
#define SOCKCAT_BASE_WORKER_H

#include <stdbool.h>

struct worker;

/* In the thread. */
typedef void worker_run(void *context);

/* In either thread, once both have left. */
typedef void worker_free(void *context);

/*
 * Starts the work.  Returns NULL with errno; the context is then still the
 * caller's.
 */
struct worker *worker_start(worker_run *, worker_free *, void *context);

/* Readable, or hung up, once the work is done. */
int worker_fd(const struct worker *);

/* Whether it is: then the context may be looked at. */
bool worker_is_done(const struct worker *);

/*
 * Waits for the work to be done, once: not at all if the descriptor is
 * readable.  From then on the context may be looked at.
 */
void worker_wait(struct worker *);

/* Lets go of the worker and its context, done or not. */
void worker_leave(struct worker *);

#endif
