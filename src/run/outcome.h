/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a run came to, as its sessions report it.
 */
#ifndef SOCKCAT_RUN_OUTCOME_H
#define SOCKCAT_RUN_OUTCOME_H

#include <stdbool.h>

struct session_result;

struct outcome {
	bool is_failure; /* exit status 1 */
	int status;      /* else, that of a command */
	int signal;      /* to die by; 0: none */
};

/* Adds what a session came to. */
void outcome_add(struct outcome *, const struct session_result *);

#endif
