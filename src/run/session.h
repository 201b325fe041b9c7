/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A session: one peer, connected to what the plan names.  What all kinds of
 * sessions need; run/dispatch chooses the kind.
 */
#ifndef SOCKCAT_RUN_SESSION_H
#define SOCKCAT_RUN_SESSION_H

#include <stdbool.h>

#include "relay/relay.h"

struct run;
struct stream;

struct session_result {
	struct relay_result relay;
	bool is_command;
	int status; /* of the command, as waitpid(2) gives it */
};

/* Called once for each session; failures have been reported. */
typedef void session_done(void *context, const struct session_result *);

/*
 * Adds a relay with the plan's options, and more of them.  Takes over the
 * remote stream, and the local one if the options say so.  Returns 0, or -1
 * after it reported why.
 */
int session_relay(const struct run *, struct stream *local,
    struct stream *remote, const struct relay_options *more, relay_done *,
    void *context);

/*
 * Ends a session that could not be started, which has been reported.  The peer
 * is reset: an end of file would look like an empty answer.
 */
void session_refuse(struct stream *remote, session_done *, void *context);

#endif
