/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* The result of a run, from the results of its sessions. */
#ifndef SOCKCAT_RUN_OUTCOME_H
#define SOCKCAT_RUN_OUTCOME_H

#include <stdbool.h>

struct session_result;

struct outcome {
	bool is_failure; /* exit status 1 */
	int status;      /* else, that of a command */
	int signal;      /* that ended it; 0: none */
};

/* Adds the result of a session. */
void outcome_add(struct outcome *, const struct session_result *);

#endif
