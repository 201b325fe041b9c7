/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A session: one peer, joined to what the plan names: standard input and
 * output, a place in a hub, a command, or another connection.
 */
#ifndef SOCKCAT_RUN_SESSION_H
#define SOCKCAT_RUN_SESSION_H

#include <sys/resource.h>

#include "relay/relay.h"

struct children;
struct datagram_source;
struct hub;
struct loop;
struct plan;
struct stream;

/* What all sessions of a run share. */
struct site {
	struct loop *loop;
	const struct plan *plan;
	struct stream *local;      /* standard input and output */
	struct hub *hub;           /* or NULL */
	struct children *children; /* or NULL: there are no commands */
};

struct session_result {
	struct relay_result relay;
	bool is_command;
	int status; /* of the command, as waitpid(2) gives it */
};

/* Called once, from a step of the loop; failures have been reported. */
typedef void session_done(void *context, const struct session_result *);

/*
 * Starts a session with a peer's stream, which it takes over, and of which
 * source tells more unless it is NULL.  Returns 0, or -1 after it reported
 * why, and done is not called.
 */
int session_start(const struct site *, struct stream *remote,
    const struct datagram_source *source, session_done *, void *context);

/*
 * For the kinds of sessions: a relay with the plan's options, and more of
 * them.  Takes over the remote stream, and the local one if the options say
 * so.  Returns 0, or -1 after it reported why.
 */
int session_relay(const struct site *, struct stream *local,
    struct stream *remote, const struct relay_options *more, relay_done *,
    void *context);

/*
 * Makes a site able to run commands, if the plan has one; limit is the soft
 * limit of descriptors to give them, 0: the one there is.  Returns 0, or -1
 * with errno.
 */
int command_prepare(struct site *, rlim_t limit);

/* The kinds that have a file of their own; as session_start(). */
int command_start(const struct site *, struct stream *remote,
    const struct datagram_source *source, session_done *, void *context);
int forward_start(
    const struct site *, struct stream *remote, session_done *, void *context);

#endif
