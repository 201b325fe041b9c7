/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The first datagram is looked at and left for the stream to read.
 */
#include "listen/hearing.h"

#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/loop.h"
#include "listen/listen.h"
#include "listen/sockets.h"
#include "net/errqueue.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/datagram.h"
#include "stream/peers.h"
#include "stream/stream.h"

static struct datagram_options
options_of(const struct hearing *h, const struct listen_socket *b)
{
	return (struct datagram_options){
		.transport = b->transport,
		.min_ttl = h->options->socket.min_ttl,
		.one_by_one = h->options->socket.one_by_one,
	};
}

int
hearing_start(struct hearing *h)
{
	struct peers_options options = {
		.max = h->options->max_peers,
		.backlog = h->options->max_new_peers,
		.shares_sink = h->options->peers_share_sink,
		.is_answered = h->options->peers_are_answered,
		.guard = h->guard,
		.new_peer = h->client,
		.context = h->context,
	};

	for (size_t i = 0; h->options->keep_open && i < h->sockets->count;
	     i++) {
		const struct listen_socket *b = &h->sockets->items[i];
		struct datagram_options datagram = options_of(h, b);

		if (!transport_is_connectionless(b->transport))
			continue;
		if (h->peers == NULL)
			h->peers = peers_new(&options);
		if (h->peers == NULL ||
		    peers_add(h->peers, b->fd, &datagram) == -1)
			return -1;
	}
	return 0;
}

void
hearing_clear(struct hearing *h)
{
	peers_free(h->peers);
}

void
hearing_stop(struct hearing *h)
{
	if (h->peers != NULL)
		peers_close(h->peers);
}

void
hearing_want(struct hearing *h, struct poll_set *set)
{
	if (h->peers != NULL) {
		peers_want(h->peers, set);
		return;
	}
	for (size_t i = 0; i < h->sockets->count; i++) {
		struct listen_socket *b = &h->sockets->items[i];

		if (!transport_is_connectionless(b->transport))
			continue;
		b->slot = -1;
		if (!backoff_is_pausing(&h->backoff, loop_now()))
			b->slot = poll_set_add(set, b->fd, POLLIN);
	}
}

int64_t
hearing_deadline(const struct hearing *h)
{
	return h->peers != NULL ? peers_deadline(h->peers)
				: backoff_deadline(&h->backoff);
}

/* An error that does not pass leaves poll(2) ready for ever. */
static bool
survives(struct hearing *h, int fd, int error, int64_t now)
{
	bool is_shortage = backoff_is_shortage(error);

	if (error == EAGAIN || error == EINTR || stream_is_news(error)) {
		errqueue_clear(fd); /* about a peer of the past */
		backoff_succeed(&h->backoff);
		return true;
	}
	if (!is_shortage || backoff_fail(&h->backoff, now))
		event_failed("receive", error);
	return is_shortage;
}

/* Returns false if nothing can be received. */
static bool
take_first(struct hearing *h, struct listen_socket *b, int64_t now)
{
	struct datagram_options options = options_of(h, b);
	struct datagram_source first;
	struct stream *stream;
	char byte;

	if (datagram_receive(b->fd, &byte, 1, MSG_PEEK, &options, &first) == -1)
		return survives(h, b->fd, errno, now);
	if (datagram_is_too_far(&options, &first) ||
	    !h->guard(h->context, &first.peer)) {
		datagram_receive(b->fd, &byte, 1, 0, &options, &first);
		return true;
	}
	stream = datagram_first(b->fd, &options, &first, &b->path);
	if (stream == NULL)
		return survives(h, b->fd, errno, now);
	/* The socket is the stream's now. */
	*b = h->sockets->items[--h->sockets->count];
	h->client(h->context, stream);
	return true;
}

bool
hearing_step(struct hearing *h, const struct poll_set *set, int64_t now)
{
	bool may_retry = backoff_deadline(&h->backoff) <= now;

	if (h->peers != NULL)
		return peers_step(h->peers, set, now);
	for (size_t i = 0; i < h->sockets->count; i++) {
		struct listen_socket *b = &h->sockets->items[i];

		if (!transport_is_connectionless(b->transport) ||
		    (!may_retry && poll_set_events(set, b->slot) == 0))
			continue;
		return take_first(h, b, now);
	}
	return true;
}
