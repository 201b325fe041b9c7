/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The peers of bound datagram sockets: each is a stream of its own, though
 * the socket is one for all.
 */
#ifndef SOCKCAT_NET_PEERS_H
#define SOCKCAT_NET_PEERS_H

#include <stddef.h>

#include "net/datagram.h"

struct address;
struct peers;
struct stream;

/* Whether a peer at that address may come in; asked before all else. */
typedef bool peers_guard(void *context, const struct address *);

/*
 * Called for a peer that is new, with where it wrote from and to, and with
 * its stream, which is the callee's.
 */
typedef void peers_new_peer(
    void *context, struct stream *, const struct datagram_source *);

/*
 * A table of at most that many peers; beyond them the one that has been
 * silent for longest comes to its end.  Returns NULL with errno.
 */
struct peers *peers_new(
    size_t most, peers_guard *, peers_new_peer *, void *context);

/* Streams may outlive the table; they get nothing any more. */
void peers_free(struct peers *);

/* Lets no new peers in, and those that are there come to their end. */
void peers_close(struct peers *);

/*
 * Reads what has come on a bound socket, which stays the caller's and must
 * outlive the streams, and gives it to its peers.
 */
void peers_receive(
    struct peers *, int fd, const struct datagram_options *options);

#endif
