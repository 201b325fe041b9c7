/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The table of a datagram socket's peers, as its own files know it.
 */
#ifndef SOCKCAT_STREAM_PEERS_IMPL_H
#define SOCKCAT_STREAM_PEERS_IMPL_H

#include "net/address.h"
#include "stream/peer.h"
#include "stream/peers.h"
#include "stream/peertable.h"
#include "stream/receiver.h"

/* For an answer, before a peer may be evicted for a new one. */
enum { PEERS_GRACE_MS = 2000 };

struct peers {
	struct peers_options options;
	const struct peer_owner *owner;
	struct receiver *sockets;
	size_t socket_count;
	struct peer_table table;
	size_t refused; /* datagrams of new peers since all was full */
	struct address sized_host; /* of the last new peer */
	size_t size;               /* of a datagram to it */
	bool is_closed, is_freed;
};

/*
 * A new peer's first datagram.  Returns it, or NULL if it is not let in, has
 * to be refused, or its session has freed it already.
 */
struct peer *peers_welcome(struct peers *, int fd, const struct transport *,
    const struct datagram_route *, int64_t now);

/* Gives sessions to those that have waited longest. */
void peers_promote(struct peers *);

/* Ends sessions until as many end as peers wait, if enough are idle. */
void peers_evict_silent(struct peers *, size_t waiting, int64_t now);

/*
 * A session that ends before its peer does, as with -W, or when its target
 * has ended, leaves what it did not read to another.  One that has read
 * nothing would only fail again.
 */
void peers_hand_on(struct peer *);

#endif
