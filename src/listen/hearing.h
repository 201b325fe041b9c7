/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The datagram sockets of a listener, which have no accept(2): one client is
 * whoever writes first, many are a table of peers.  A part of the listener's
 * task.
 */
#ifndef SOCKCAT_LISTEN_HEARING_H
#define SOCKCAT_LISTEN_HEARING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/backoff.h"

struct address;
struct listen_sockets;
struct listen_options;
struct peers;
struct poll_set;
struct stream;

/* As peers_guard and peers_new_peer, for the first and for many. */
typedef bool hearing_guard(void *context, const struct address *);
typedef void hearing_client(void *context, struct stream *);

struct hearing {
	const struct listen_options *options;
	struct listen_sockets *sockets;
	hearing_guard *guard;
	hearing_client *client;
	void *context;
	struct peers *peers; /* with keep_open, if there are such sockets */
	struct backoff backoff;
};

/* The sockets have been bound.  Returns 0, or -1 with errno. */
int hearing_start(struct hearing *);
void hearing_clear(struct hearing *);

/* Lets no new peers in, and those that are there come to their end. */
void hearing_stop(struct hearing *);

void hearing_want(struct hearing *, struct poll_set *);
int64_t hearing_deadline(const struct hearing *);

/* Returns false if the sockets cannot be read any more, which it reported. */
bool hearing_step(struct hearing *, const struct poll_set *, int64_t now);

#endif
