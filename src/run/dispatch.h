/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a peer is connected to: standard input and output, a hub, a command,
 * or a target.
 */
#ifndef SOCKCAT_RUN_DISPATCH_H
#define SOCKCAT_RUN_DISPATCH_H

#include <stddef.h>

#include "run/session.h"

struct plan;

/*
 * Starts a session with a peer's stream, which it takes over.  If that fails,
 * done may be called before it returns.
 */
void dispatch_start(
    const struct run *, struct stream *remote, session_done *, void *context);

/* How many descriptors a session takes, the peer's own among them. */
size_t dispatch_descriptors(const struct plan *);

#endif
