/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A listener's connections: accept(2), and the pauses after its failures.  A
 * client that cannot be served now waits in the system's queue.  A part of
 * the listener's task.
 */
#ifndef SOCKCAT_LISTEN_ACCEPTOR_H
#define SOCKCAT_LISTEN_ACCEPTOR_H

#include <stdint.h>

#include "base/backoff.h"
#include "listen/listen_options.h"

struct address;
struct listen_sockets;
struct poll_set;
struct stream;
struct transport;

struct acceptor {
	const struct listen_options *options;
	struct listen_sockets *sockets; /* client() may close them */
	listen_guard *guard;
	listen_client *client;
	void *context;
	struct backoff pause;
	int departed; /* clients in a row that had left already */
};

void acceptor_want(struct acceptor *, struct poll_set *);
int64_t acceptor_deadline(const struct acceptor *);
void acceptor_step(struct acceptor *, const struct poll_set *, int64_t now);

/*
 * The stream of a connected socket, which it takes over.  Returns NULL with
 * errno, and the socket closed.
 */
struct stream *acceptor_stream(const struct listen_options *, int fd,
    const struct transport *, const struct address *peer);

#endif
