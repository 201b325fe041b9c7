/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* --deadline: ends the whole run. */
#ifndef SOCKCAT_RUN_DEADLINE_H
#define SOCKCAT_RUN_DEADLINE_H

#include <stdint.h>

struct loop;
struct outcome;

/*
 * Adds a task that stops the loop after so many milliseconds, as a failure;
 * none if they are negative.  Both must live as long as the loop.  Returns 0,
 * or -1 with errno.
 */
int deadline_start(struct loop *, int64_t length, struct outcome *);

#endif
