/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Signals that end the run, turned into a step of a task.
 */
#ifndef SOCKCAT_RUN_SIGNALS_H
#define SOCKCAT_RUN_SIGNALS_H

#include <stdbool.h>

struct loop;

/*
 * Adds a task that stores SIGINT, SIGTERM or SIGHUP in *received and stops
 * the loop.  What the caller of the program ignores stays ignored.  Returns
 * 0, or -1 with errno.
 */
int signals_add(struct loop *, int *received);

/*
 * Ignores SIGPIPE, so that a write says EPIPE.  Returns whether it would
 * have ended the program.
 */
bool signals_ignore_pipe(void);

/* Dies by a signal's default action, so that the parent sees which. */
void signals_die(int number);

#endif
