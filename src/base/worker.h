/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A thread for one piece of work that may take long and cannot be polled.
 *
 * It blocks all signals, and while it runs no other thread may use its context.
 * A pipe tells when it is done; the thread that leaves last frees the context.
 */
#ifndef SOCKCAT_BASE_WORKER_H
#define SOCKCAT_BASE_WORKER_H

#include <stdbool.h>

struct worker;

/* In the thread. */
typedef void worker_run(void *context);

/* In either thread, after both have left. */
typedef void worker_free(void *context);

/*
 * Starts the work.  Returns NULL with errno; the context is then still the
 * caller's.
 */
struct worker *worker_start(worker_run *, worker_free *, void *context);

/* Readable, or hung up, once the work is done. */
int worker_fd(const struct worker *);

/* Whether it is: then the context may be used. */
bool worker_is_done(const struct worker *);

/*
 * Waits for the work to be done, once: not at all if the descriptor is
 * readable.  From then on the context may be used.
 */
void worker_wait(struct worker *);

/* Lets go of the worker and its context, done or not. */
void worker_leave(struct worker *);

#endif
