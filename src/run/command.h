/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Sessions of -e and -c.
 */
#ifndef SOCKCAT_RUN_COMMAND_H
#define SOCKCAT_RUN_COMMAND_H

#include <stddef.h>

#include "run/session.h"

struct plan;

/* As dispatch_start(). */
void command_start(
    const struct run *, struct stream *remote, session_done *, void *context);

/* How many descriptors a command takes besides its peer's. */
size_t command_descriptors(const struct plan *);

#endif
