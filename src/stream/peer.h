/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * One peer of a bound datagram socket: the stream that its session sees, and
 * the queue of what it sent.  For stream/peers.c alone, which decides which
 * peers have a session.
 */
#ifndef SOCKCAT_STREAM_PEER_H
#define SOCKCAT_STREAM_PEER_H

#include <sys/queue.h>
#include <sys/tree.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/message.h"
#include "stream/stream.h"

struct peer;
struct peers;

STAILQ_HEAD(message_queue, message);

/* What a peer tells its owner. */
struct peer_owner {
	void (*taken)(struct peer *);       /* its session read a message */
	void (*answered)(struct peer *);    /* and has written one */
	void (*unreachable)(struct peer *); /* and found its socket closed */
	/* Errors have come, which may be those of other peers. */
	void (*take_errors)(struct peer *);
	void (*left)(struct peer *); /* its stream is freed */
};

struct peer {
	struct stream stream;
	const struct peer_owner *owner;
	struct peers *peers; /* the owner */
	RB_ENTRY(peer) by_address;
	TAILQ_ENTRY(peer) by_state;
	TAILQ_ENTRY(peer) by_fullness;
	struct datagram_route route;
	struct message_queue queue;
	size_t queued;  /* bytes, with their bookkeeping */
	size_t dropped; /* messages, since the queue was last empty */
	int64_t heard_at, full_since;
	bool is_known;   /* in the table: it is heard */
	bool is_waiting; /* for a session */
	bool is_busy;    /* its session owes it an answer */
	bool is_full; /* it has sent more than it should, and is waited for */
	bool is_read; /* its session has taken something */
};

/* Returns NULL with errno. */
struct peer *peer_new(const struct peer_owner *, struct peers *, int fd,
    const struct transport *, const struct datagram_route *,
    size_t message_size);

/*
 * Appends a message.  Returns false, and counts it as dropped, if there is
 * no memory.
 */
bool peer_push(struct peer *, const uint8_t *bytes, size_t length);

/* Moves what a peer has not read to another, which is empty. */
void peer_move(struct peer *from, struct peer *to);

/* Frees a peer with what it has not read, which is reported. */
void peer_destroy(struct peer *);

#endif
