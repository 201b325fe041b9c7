/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * One plan, from its start to its exit status.
 */
#ifndef SOCKCAT_RUN_EXECUTE_H
#define SOCKCAT_RUN_EXECUTE_H

struct plan;

/* Runs the plan to its end.  Returns the exit status, or dies by a signal. */
int execute_plan(const struct plan *);

#endif
