/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A listener's datagram sockets, which have no accept(2).  With keep_open each
 * peer is a client (stream/peers.h), else the first that sends something.  A
 * part of the listener's task.
 */
#ifndef SOCKCAT_LISTEN_LISTEN_DATAGRAMS_H
#define SOCKCAT_LISTEN_LISTEN_DATAGRAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/backoff.h"
#include "listen/listen_options.h"

struct listen_sockets;
struct peers;
struct poll_set;

struct listen_datagrams {
	const struct listen_options *options;
	struct listen_sockets *sockets;
	listen_guard *guard;
	listen_client *client;
	void *context;
	struct peers *peers; /* with keep_open, if there are such sockets */
	struct backoff pause;
};

/* The sockets have been bound.  Returns 0, or -1 with errno. */
int listen_datagrams_start(struct listen_datagrams *);
void listen_datagrams_clear(struct listen_datagrams *);

/*
 * Takes no new peers, and ends those that are there.  Returns whether the
 * sockets are still needed for answers to them.
 */
bool listen_datagrams_stop(struct listen_datagrams *);

void listen_datagrams_want(struct listen_datagrams *, struct poll_set *);
int64_t listen_datagrams_deadline(const struct listen_datagrams *);

/* Returns false if nothing can be received any more, which was reported. */
bool listen_datagrams_step(
    struct listen_datagrams *, const struct poll_set *, int64_t now);

#endif
