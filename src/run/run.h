/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A run: one plan, from its start to its exit status.
 */
#ifndef SOCKCAT_RUN_RUN_H
#define SOCKCAT_RUN_RUN_H

struct plan;

/* Runs the plan to its end.  Returns the exit status, or dies by a signal. */
int run_plan(const struct plan *);

#endif
