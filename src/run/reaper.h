/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* The commands of a run: SIGCHLD has those reaped that have ended. */
#ifndef SOCKCAT_RUN_REAPER_H
#define SOCKCAT_RUN_REAPER_H

#include <sys/resource.h>

struct run;

/*
 * Sets the children of a run whose plan has a command.  They get limit as
 * their soft limit of descriptors; 0: the one that is set.  Returns 0, or -1
 * with errno.
 */
int reaper_start(struct run *, rlim_t limit);

#endif
