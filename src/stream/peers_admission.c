/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Which peers of a datagram socket have a session, wait for one, or are
 * refused.
 */
#include <errno.h>

#include "net/address_text.h"
#include "net/mtu.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/peers_impl.h"

/* It costs four system calls, and most new peers are on few hosts. */
static size_t
datagram_size(struct peers *peers, const struct transport *transport,
    const struct address *peer)
{
	struct address host = *peer;

	if (transport->domain == TRANSPORT_INET)
		address_set_port(&host, 0);
	if (peers->size == 0 || !address_equal(&host, &peers->sized_host)) {
		peers->sized_host = host;
		peers->size = mtu_datagram_size(transport, peer);
	}
	return peers->size;
}

/* A new peer waits for a session.  Returns NULL with errno. */
static struct peer *
add_peer(struct peers *peers, int fd, const struct transport *transport,
    const struct datagram_route *route, bool is_first)
{
	struct peer *p = peer_new(peers->owner, peers, fd, transport, route,
	    datagram_size(peers, transport, &route->peer));

	if (p != NULL)
		peer_table_add(&peers->table, p, is_first);
	return p;
}

void
peers_hand_on(struct peer *p)
{
	struct peers *peers = p->peers;
	struct peer *next;

	if (p->queued == 0 || !p->is_known || !p->is_read || peers->is_closed ||
	    peers->is_freed)
		return;
	peer_table_forget(&peers->table, p, true);
	next = add_peer(
	    peers, p->stream.out, p->stream.transport, &p->route, true);
	if (next == NULL)
		return;
	next->heard_at = p->heard_at;
	peer_move(p, next);
}

void
peers_promote(struct peers *peers)
{
	struct peer *p;

	while (!peers->is_closed &&
	    peers->table.sessions < peers->options.max &&
	    (p = TAILQ_FIRST(&peers->table.waiting)) != NULL) {
		peer_table_admit(&peers->table, p, peers->options.is_answered);
		peers->options.new_peer(peers->options.context, &p->stream);
	}
	if (peers->table.waiting_count > 0 || peers->refused == 0)
		return;
	event_say(EVENT_PEERS_TAKEN, .count = peers->refused);
	peers->refused = 0;
}

void
peers_evict_silent(struct peers *peers, size_t waiting, int64_t now)
{
	while (peers->table.sessions - peers->table.ending + waiting >
	    peers->options.max) {
		struct peer *p = TAILQ_FIRST(&peers->table.idle);

		if (p == NULL) {
			p = TAILQ_FIRST(&peers->table.busy);
			if (p == NULL || p->heard_at > now - PEERS_GRACE_MS)
				return;
		}
		event_say(
		    EVENT_PEER_EVICTED, .peer = stream_source(&p->stream));
		peer_table_forget(&peers->table, p, true);
	}
}

static void
refuse_peer(struct peers *peers, const struct address *peer)
{
	if (peers->refused++ == 0)
		event_say(EVENT_PEERS_REFUSED, .peer = address_end(peer));
}

struct peer *
peers_welcome(struct peers *peers, int fd, const struct transport *transport,
    const struct datagram_route *route, int64_t now)
{
	const struct peers_options *o = &peers->options;
	struct peer *p;

	if (peers->is_closed || !o->guard(o->context, &route->peer))
		return NULL;
	peers_evict_silent(peers, peers->table.waiting_count + 1, now);
	if (peers->table.sessions - peers->table.ending +
		peers->table.waiting_count >=
	    o->max + o->backlog) {
		refuse_peer(peers, &route->peer);
		return NULL;
	}
	p = add_peer(peers, fd, transport, route, false);
	if (p == NULL) {
		event_failed("accept", errno);
		return NULL;
	}
	peers_promote(peers);
	/* The session may have freed it already. */
	return peer_table_find(&peers->table, fd, &route->peer);
}
