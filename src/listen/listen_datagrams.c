/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The first datagram is looked at and left for the stream to read.
 */
#include "listen/listen_datagrams.h"

#include <sys/socket.h>

#include <errno.h>
#include <poll.h>

#include "base/loop.h"
#include "listen/listen_sockets.h"
#include "net/errqueue.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/datagram.h"
#include "stream/peers.h"
#include "stream/stream.h"

int
listen_datagrams_start(struct listen_datagrams *d)
{
	const struct listen_options *o = d->options;
	struct peers_options options = {
		.max = o->max_peers,
		.backlog = o->max_new_peers,
		.shares_sink = o->peers_share_sink,
		.is_answered = o->peers_are_answered,
		.guard = d->guard,
		.new_peer = d->client,
		.context = d->context,
	};

	for (size_t i = 0; o->keep_open && i < d->sockets->count; i++) {
		const struct listen_socket *s = &d->sockets->items[i];
		struct datagram_options datagram =
		    datagram_options_from(s->transport, &o->socket);

		if (!transport_is_connectionless(s->transport))
			continue;
		if (d->peers == NULL)
			d->peers = peers_new(&options);
		if (d->peers == NULL ||
		    peers_add(d->peers, s->fd, &datagram) == -1)
			return -1;
	}
	return 0;
}

void
listen_datagrams_clear(struct listen_datagrams *d)
{
	peers_free(d->peers);
}

bool
listen_datagrams_stop(struct listen_datagrams *d)
{
	if (d->peers != NULL)
		peers_close(d->peers);
	return d->peers != NULL;
}

void
listen_datagrams_want(struct listen_datagrams *d, struct poll_set *set)
{
	if (d->peers != NULL) {
		peers_want(d->peers, set);
		return;
	}
	for (size_t i = 0; i < d->sockets->count; i++) {
		struct listen_socket *s = &d->sockets->items[i];

		if (!transport_is_connectionless(s->transport))
			continue;
		s->slot = -1;
		if (!backoff_is_pausing(&d->pause, loop_now()))
			s->slot = poll_set_add(set, s->fd, POLLIN);
	}
}

int64_t
listen_datagrams_deadline(const struct listen_datagrams *d)
{
	return d->peers != NULL ? peers_deadline(d->peers)
				: backoff_deadline(&d->pause);
}

/*
 * Receiving has failed.  Returns whether to go on: an error that does not
 * pass would leave poll(2) ready for ever.
 */
static bool
recover(struct listen_datagrams *d, int fd, int error, int64_t now)
{
	bool is_shortage = backoff_is_shortage(error);

	if (error == EAGAIN || error == EINTR || stream_is_news(error)) {
		errqueue_clear(fd); /* about a peer of the past */
		backoff_succeed(&d->pause);
		return true;
	}
	if (!is_shortage || backoff_fail(&d->pause, now))
		event_failed("receive", error);
	return is_shortage;
}

/* Returns false if nothing can be received any more. */
static bool
take_first(struct listen_datagrams *d, struct listen_socket *s, int64_t now)
{
	struct datagram_options options =
	    datagram_options_from(s->transport, &d->options->socket);
	struct datagram_source first;
	struct stream *stream;
	char byte;

	if (datagram_receive(s->fd, &byte, 1, MSG_PEEK, &options, &first) == -1)
		return recover(d, s->fd, errno, now);
	if (datagram_is_too_far(&options, &first) ||
	    !d->guard(d->context, &first.peer)) {
		datagram_receive(s->fd, &byte, 1, 0, &options, &first);
		return true;
	}
	stream = datagram_first(s->fd, &options, &first, &s->path);
	if (stream == NULL)
		return recover(d, s->fd, errno, now);
	/* The socket is the stream's now. */
	*s = d->sockets->items[--d->sockets->count];
	d->client(d->context, stream);
	return true;
}

bool
listen_datagrams_step(
    struct listen_datagrams *d, const struct poll_set *set, int64_t now)
{
	bool has_paused = backoff_deadline(&d->pause) <= now;

	if (d->peers != NULL)
		return peers_step(d->peers, set, now);
	for (size_t i = 0; i < d->sockets->count; i++) {
		struct listen_socket *s = &d->sockets->items[i];

		if (transport_is_connectionless(s->transport) &&
		    (has_paused || poll_set_events(set, s->slot) != 0))
			return take_first(d, s, now);
	}
	return true;
}
