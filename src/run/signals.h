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

/* Called from a step, once for all signals since the last call. */
typedef void signal_handler(void *context, int number);

/*
 * Adds a task that calls back for the signals that signals_handle() names.
 * There can be one at a time.  Returns 0, or -1 with errno.
 */
int signals_add(struct loop *);

/*
 * Has a handler called for a signal, instead of an earlier one.  Signals that
 * the caller of the program ignores stay ignored.
 */
void signals_handle(int number, signal_handler *, void *context);

/*
 * Ignores a signal.  Returns whether it would have had an effect: the caller
 * of the program may have it ignored already.
 */
bool signals_ignore(int number);

/* The signals whose action we have changed; more may be added. */
const sigset_t *signals_handled(void);

/*
 * Dies by a signal's default action, so that the parent sees which.  If the
 * system prevents that, returns the exit status that says the same.
 */
int signals_die(int number);

#endif
