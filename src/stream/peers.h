/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The peers of bound datagram sockets: each is a stream of its own, though
 * the socket is one for all.  A part of the listener's task.
 */
#ifndef SOCKCAT_STREAM_PEERS_H
#define SOCKCAT_STREAM_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream/datagram.h"

struct address;
struct peers;
struct poll_set;
struct stream;

/* Whether a peer at that address may come in; asked before all else. */
typedef bool peers_guard(void *context, const struct address *);

/* A peer has a session now: its stream is the callee's to free. */
typedef void peers_new_peer(void *context, struct stream *);

struct peers_options {
	size_t max;       /* sessions at once, at least one */
	size_t backlog;   /* peers that wait for one, besides those that */
			  /* have one as soon as another has ended */
	bool shares_sink; /* all sessions write to one sink: all wait */
	bool is_answered; /* a session owes its peer an answer */
	peers_guard *guard;
	peers_new_peer *new_peer;
	void *context;
};

/*
 * A table of peers.  Where all sessions are taken, the peer that has been
 * silent for longest, and has been answered, comes to its end, and a new one
 * waits for that.  Returns NULL with errno.
 */
struct peers *peers_new(const struct peers_options *);

/*
 * A bound socket, which stays the caller's and must outlive the streams.
 * Returns 0, or -1 with errno.
 */
int peers_add(struct peers *, int fd, const struct datagram_options *);

/* Streams may outlive the table; they get nothing any more. */
void peers_free(struct peers *);

/* Lets no new peers in, and those that are there come to their end. */
void peers_close(struct peers *);

/* The parts of the owner's task. */
void peers_want(struct peers *, struct poll_set *);
int64_t peers_deadline(const struct peers *);

/* Returns false if no socket can be read any more, which was reported. */
bool peers_step(struct peers *, const struct poll_set *, int64_t now);

#endif
