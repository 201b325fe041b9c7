/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A session: standard input and output joined to one peer.
 */
#ifndef SOCKCAT_RUN_SESSION_H
#define SOCKCAT_RUN_SESSION_H

#include "relay/relay.h"

struct loop;
struct plan;
struct stream;

/*
 * Starts a session in the loop with a peer's stream, which it takes over,
 * and with standard input and output, which stay the caller's.  done is
 * called when it has ended.  Returns 0, or -1 after it reported why.
 */
int session_start(struct loop *, const struct plan *, struct stream *local,
    struct stream *remote, relay_done *done, void *context);

#endif
