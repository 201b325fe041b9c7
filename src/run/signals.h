/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Signals, turned into calls from a step of a task.
 */
#ifndef SOCKCAT_RUN_SIGNALS_H
#define SOCKCAT_RUN_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

struct loop;

/* Called from a step, once for any number of signals since the last call. */
typedef void signal_handler(void *context, int number);

/*
 * Adds a task that calls back for the signals that signals_watch() names.
 * There can be one at a time.  Returns 0, or -1 with errno.
 */
int signals_add(struct loop *);

/*
 * Has a handler called for a signal, in the place of any other.  What the
 * caller of the program ignores stays ignored.
 */
void signals_watch(int number, signal_handler *, void *context);

/* Those that have a handler; more are in it when more are named. */
const sigset_t *signals_handled(void);

/*
 * Ignores SIGPIPE, so that a write says EPIPE.  Returns whether it would
 * have ended the program.
 */
bool signals_ignore_pipe(void);

/* Dies by a signal's default action, so that the parent sees which. */
void signals_die(int number);

#endif
