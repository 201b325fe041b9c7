/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The modes of the program, and what they share: the outcome, the signals
 * and the deadline that end a run from outside.
 */
#ifndef SOCKCAT_RUN_RUN_H
#define SOCKCAT_RUN_RUN_H

#include <stdbool.h>

struct loop;
struct plan;
struct relay_result;

struct outcome {
	bool is_failure; /* exit status 1 */
	int signal;      /* to die by; 0: none */
};

/* Runs the plan to its end.  Returns the exit status, or dies by a signal. */
int run_plan(const struct plan *);

/* Adds what a session came to. */
void outcome_add(struct outcome *, const struct relay_result *);

/* One mode each: adds its tasks to the loop, runs it, frees its own. */
void run_connect(struct loop *, const struct plan *, struct outcome *);
void run_serve(struct loop *, const struct plan *, struct outcome *);

#endif
