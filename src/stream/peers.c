/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Datagrams are read for all peers at once, and wait in a queue of their
 * peer's.  While one queue is too long nothing is read: the sender of a unix
 * datagram waits, and what comes over UDP is in the system's buffer.
 */
#include "stream/peers.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "net/errqueue.h"
#include "net/socket.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/peers_impl.h"

enum {
	QUEUE_MAX = 256 * 1024, /* bytes that wait for one session */
	QUEUE_LOW = QUEUE_MAX / 2,
	READS = 4,          /* of UDP, before others have their turn */
	UNIX_READS = 64,    /* of one message each */
	PATIENCE_MS = 5000, /* with a session that holds all others back */
};

/*
 * A peer that has closed its socket shows it only by refusing datagrams.
 * Returns false with errno if there may be errors that cannot be read.
 */
static bool
take_errors(struct peers *peers, int fd)
{
	struct address destination;
	int error;

	while ((error = errqueue_take(fd, &destination)) > 0) {
		struct peer *p =
		    peer_table_find(&peers->table, fd, &destination);

		if (p == NULL || p->is_waiting || error != ECONNREFUSED)
			continue;
		event_say(EVENT_PEER_UNREACHABLE,
		    .peer = stream_source(&p->stream), .error = error);
		peer_table_forget(&peers->table, p, true);
	}
	return error == 0;
}

static void
take_errors_of(struct peer *p)
{
	take_errors(p->peers, p->stream.out);
}

static void
was_taken(struct peer *p)
{
	if (p->queued < QUEUE_LOW)
		peer_table_set_full(&p->peers->table, p, false, 0);
}

static void
was_answered(struct peer *p)
{
	if (p->is_known && p->is_busy)
		peer_table_set_busy(&p->peers->table, p, false);
	p->stream.is_settled = !p->is_known;
}

static void
is_unreachable(struct peer *p)
{
	peer_table_forget(&p->peers->table, p, true);
}

static void
release_peers(struct peers *peers)
{
	if (!peers->is_freed || peers->table.sessions > 0)
		return;
	free(peers->sockets);
	free(peers);
}

static void
has_left(struct peer *p)
{
	struct peers *peers = p->peers;

	peers_hand_on(p);
	peer_table_forget(&peers->table, p, true);
	peers->table.ending--;
	peers->table.sessions--;
	peer_destroy(p);
	release_peers(peers);
}

static const struct peer_owner owner = {
	.taken = was_taken,
	.answered = was_answered,
	.unreachable = is_unreachable,
	.take_errors = take_errors_of,
	.left = has_left,
};

/* How long the table waits for a peer that is full. */
static int64_t
patience(const struct peers *peers, const struct peer *p)
{
	if (peers->options.shares_sink)
		return LOOP_NEVER;
	return p->stream.transport->domain == TRANSPORT_UNIX ? PATIENCE_MS : 0;
}

static void
take_datagram(void *context, const struct receiver *s,
    const struct datagram_source *source, const uint8_t *bytes, size_t length,
    int64_t now)
{
	const struct datagram_route route = datagram_route_back(source);
	struct peers *peers = context;
	struct peer *p = peer_table_find(&peers->table, s->fd, &route.peer);
	int64_t wait;

	if (p == NULL)
		p = peers_welcome(
		    peers, s->fd, s->options.transport, &route, now);
	if (p == NULL)
		return;
	wait = patience(peers, p);
	p->route = route;
	p->heard_at = now;
	if (!p->is_waiting)
		peer_table_set_busy(
		    &peers->table, p, peers->options.is_answered);
	if ((p->is_full && now - p->full_since >= wait) ||
	    (wait == 0 && p->queued + length > QUEUE_MAX)) {
		p->dropped++;
		return;
	}
	peer_push(p, bytes, length);
	if (wait != 0 && p->queued >= QUEUE_MAX)
		peer_table_set_full(&peers->table, p, true, now);
}

/* Until when nothing is read for the sake of a peer that is full; or 0. */
static int64_t
held_until(const struct peers *peers)
{
	const struct peer *p = TAILQ_LAST(&peers->table.full, peer_list);

	return p == NULL ? 0 : loop_after(p->full_since, patience(peers, p));
}

static bool
is_held(const struct peers *peers, int64_t now)
{
	return now < held_until(peers);
}

static bool
may_read(const struct peers *peers, const struct receiver *s, int64_t now)
{
	return !peers->is_closed && !s->is_dead &&
	    !backoff_is_pausing(&s->backoff, now) && !is_held(peers, now);
}

static void
read_socket(struct peers *peers, struct receiver *r, int64_t now)
{
	bool is_inet = r->options.transport->domain == TRANSPORT_INET;
	int reads = is_inet ? READS : UNIX_READS;

	while (reads-- > 0 && may_read(peers, r, now) &&
	    receiver_read(r, take_datagram, peers, now))
		;
}

void
peers_want(struct peers *peers, struct poll_set *set)
{
	int64_t now = loop_now();

	for (size_t i = 0; i < peers->socket_count; i++) {
		struct receiver *s = &peers->sockets[i];

		s->slot = -1;
		if (may_read(peers, s, now))
			s->slot = poll_set_add(set, s->fd, POLLIN);
	}
}

/* When a socket is read again that poll(2) is not asked about until then. */
static int64_t
reading_deadline(const struct peers *peers)
{
	int64_t deadline = LOOP_NEVER;

	if (is_held(peers, loop_now()))
		return held_until(peers);
	for (size_t i = 0; i < peers->socket_count; i++)
		if (!peers->sockets[i].is_dead)
			deadline = loop_earlier(deadline,
			    backoff_deadline(&peers->sockets[i].backoff));
	return deadline;
}

int64_t
peers_deadline(const struct peers *peers)
{
	const struct peer *busy = TAILQ_FIRST(&peers->table.busy);
	int64_t deadline;

	if (peers->is_closed)
		return LOOP_NEVER;
	deadline = reading_deadline(peers);
	if (peers->table.waiting_count == 0)
		return deadline;
	if (peers->table.sessions < peers->options.max)
		return 0;
	if (peers->table.waiting_count <= peers->table.ending)
		return deadline;
	if (!TAILQ_EMPTY(&peers->table.idle))
		return 0;
	return busy == NULL
	    ? deadline
	    : loop_earlier(deadline, busy->heard_at + PEERS_GRACE_MS);
}

bool
peers_step(struct peers *peers, const struct poll_set *set, int64_t now)
{
	bool is_alive = false;

	for (size_t i = 0; i < peers->socket_count; i++) {
		struct receiver *s = &peers->sockets[i];
		short events = poll_set_events(set, s->slot);

		if (events & POLLERR && !take_errors(peers, s->fd))
			receiver_failed(s, errno, now);
		else if (events != 0 || backoff_deadline(&s->backoff) <= now)
			read_socket(peers, s, now);
		if (s->is_dead)
			peer_table_forget_all(&peers->table, s->fd);
		is_alive |= !s->is_dead;
	}
	peers_promote(peers);
	if (peers->table.waiting_count > 0)
		peers_evict_silent(peers, peers->table.waiting_count, now);
	return is_alive;
}

int
peers_add(struct peers *peers, int fd, const struct datagram_options *options)
{
	size_t count = peers->socket_count;
	struct receiver *grown =
	    reallocarray(peers->sockets, count + 1, sizeof(*grown));

	if (grown == NULL)
		return -1;
	peers->sockets = grown;
	receiver_init(&grown[count], fd, options);
	peers->socket_count++;
	return 0;
}

struct peers *
peers_new(const struct peers_options *options)
{
	struct peers *peers = calloc(1, sizeof(*peers));

	if (peers == NULL)
		return NULL;
	peers->options = *options;
	peers->owner = &owner;
	peer_table_init(&peers->table);
	return peers;
}

void
peers_close(struct peers *peers)
{
	peers->is_closed = true;
	peer_table_forget_all(&peers->table, -1);
}

void
peers_free(struct peers *peers)
{
	struct peer *p;

	if (peers == NULL)
		return;
	for (size_t i = 0; i < peers->socket_count; i++)
		receiver_clear(&peers->sockets[i]);
	while ((p = TAILQ_FIRST(&peers->table.waiting)) != NULL) {
		peer_table_forget(&peers->table, p, false);
		peer_destroy(p);
	}
	if (peers->refused > 1)
		event_say(EVENT_PEERS_DROPPED, .count = peers->refused);
	peers->is_freed = true;
	release_peers(peers);
}
