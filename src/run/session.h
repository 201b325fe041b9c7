/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A session: one peer, joined to what the plan names: standard input and
 * output, a place in a hub, a command, or another connection.
 */
#ifndef SOCKCAT_RUN_SESSION_H
#define SOCKCAT_RUN_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "relay/relay.h"

struct children;
struct hub;
struct loop;
struct plan;
struct stream;

/* What all sessions of a run share. */
struct run {
	struct loop *loop;
	const struct plan *plan;
	bool is_for_many;          /* sessions at once: a server with -k */
	struct stream *local;      /* standard input and output */
	struct hub *hub;           /* or NULL */
	struct children *children; /* or NULL: there are no commands */
};

struct session_result {
	struct relay_result relay;
	bool is_command;
	int status; /* of the command, as waitpid(2) gives it */
};

/* Called once for each session; failures have been reported. */
typedef void session_done(void *context, const struct session_result *);

/*
 * Starts a session with a peer's stream, which it takes over.  If that fails,
 * done may be called before it returns.
 */
void session_start(
    const struct run *, struct stream *remote, session_done *, void *context);

/*
 * For the kinds of sessions: a relay with the plan's options, and more of
 * them.  Takes over the remote stream, and the local one if the options say
 * so.  Returns 0, or -1 after it reported why.
 */
int session_relay(const struct run *, struct stream *local,
    struct stream *remote, const struct relay_options *more, relay_done *,
    void *context);

/* How many descriptors a session takes, the peer's own among them. */
size_t session_descriptors(const struct plan *);

/*
 * For the same: a session that could not be started, which has been reported.
 * The peer is reset: an end of file would be an answer, if an empty one.
 */
void session_refuse(struct stream *remote, session_done *, void *context);

#endif
