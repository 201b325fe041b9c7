/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Sessions of -e and -c.
 */
#ifndef SOCKCAT_RUN_COMMAND_H
#define SOCKCAT_RUN_COMMAND_H

#include <sys/resource.h>

#include <stddef.h>

#include "run/session.h"

struct plan;

/*
 * Makes a run able to run commands, if the plan has one; limit is the soft
 * limit of descriptors to give them, 0: the one there is.  Returns 0, or -1
 * with errno.
 */
int command_prepare(struct run *, rlim_t limit);

/* As dispatch_start(). */
void command_start(
    const struct run *, struct stream *remote, session_done *, void *context);

/* How many descriptors a command takes besides its peer's. */
size_t command_descriptors(const struct plan *);

#endif
