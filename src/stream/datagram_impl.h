/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A stream of datagrams, as its own files know it.
 */
#ifndef SOCKCAT_STREAM_DATAGRAM_IMPL_H
#define SOCKCAT_STREAM_DATAGRAM_IMPL_H

#include "net/overflow.h"
#include "net/unixpath.h"
#include "stream/datagram.h"
#include "stream/stream.h"

struct datagram {
	struct stream stream;
	struct datagram_options options;
	bool is_served;     /* by a listener: others may write to it, too */
	bool is_connected;  /* to its one peer, so that poll(2) knows it */
	bool use_gso;       /* several datagrams in one message, net/batch */
	int deferred_error; /* errno that the next write tells; 0: none */
	int unread;         /* and the next read */
	struct reconnect *reconnect; /* of a UDP client, or NULL */
	struct overflow overflow;
	struct datagram_route route; /* where it is not connected */
	struct unixpath path;
};

/* Whether many UDP datagrams may go in one call. */
bool datagram_is_batched(const struct datagram_options *);

/* Whether errors are kept until somebody takes them. */
bool datagram_has_errqueue(const struct datagram *);

/* Sets up a socket that has just been connected to a peer. */
void datagram_set_options(struct datagram *, const struct address *peer);

/* Whether a datagram is for this stream; moves on to its sender if so. */
bool datagram_is_mine(struct datagram *, const struct datagram_source *);

/* So many datagrams were read, and now there are none, or there may be. */
void datagram_count_reads(struct datagram *, int count, bool is_empty);

/* What a read that failed with errno means. */
ssize_t datagram_read_failed(struct datagram *);

/*
 * A call failed, or is about to be made (0): whether the socket is connected
 * anew, and the call can be made again.
 */
bool datagram_recovers(struct datagram *, int error);

/* The operations on many at once. */
int datagram_read_messages(
    struct stream *, uint8_t *space, size_t size, int count, struct messages *);
int datagram_write_messages(
    struct stream *, const uint8_t *bytes, const struct messages *);

#endif
