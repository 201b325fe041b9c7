/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "listen/acceptor.h"

#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "listen/listen_sockets.h"
#include "net/address.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/connection.h"
#include "stream/datagram.h"

enum {
	ACCEPTS = 64, /* before other tasks have their turn */

	/* Clients in a row that have left; more are a failure of ours. */
	MAX_DEPARTED = 64,
};

/* Linux has accept(2) report what happened to the client: see its page. */
static bool
is_about_client(int error)
{
	static const int errors[] = { ECONNABORTED, ENETDOWN, EPROTO,
		ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
		ENETUNREACH, EPERM };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (error == errors[i])
			return true;
	return false;
}

static int
accept_one(int fd, struct address *peer)
{
	memset(peer, 0, sizeof(*peer));
	peer->length = sizeof(peer->storage);
	return accept4(fd, (struct sockaddr *)&peer->storage, &peer->length,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/* Returns a socket, or -1 if there is no client now. */
static int
accept_next(struct acceptor *a, int fd, struct address *peer, int64_t now)
{
	int client;

	do
		client = accept_one(fd, peer);
	while (client == -1 && is_about_client(errno) &&
	    ++a->departed < MAX_DEPARTED);
	if (client != -1 || errno == EAGAIN || errno == EWOULDBLOCK ||
	    errno == EINTR) {
		backoff_succeed(&a->pause);
		a->departed = 0;
	} else if (backoff_fail(&a->pause, now)) {
		event_failed("accept", errno);
	}
	return client;
}

/* Cheaper than an accept(2) that finds none. */
static bool
has_client(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

struct stream *
acceptor_stream(const struct listen_options *o, int fd,
    const struct transport *transport, const struct address *peer)
{
	struct datagram_options datagram =
	    datagram_options_from(transport, &o->socket);

	if (transport_keeps_messages(transport))
		return datagram_connected(fd, &datagram, peer, NULL);
	return connection_new(fd, transport, &o->socket, peer);
}

/* Returns false if there is no client now. */
static bool
take_client(struct acceptor *a, const struct listen_socket *s, int64_t now)
{
	struct address peer;
	struct stream *stream;
	int fd = accept_next(a, s->fd, &peer, now);

	if (fd == -1)
		return false;
	if (!a->guard(a->context, &peer)) {
		close(fd);
		return true;
	}
	stream = acceptor_stream(a->options, fd, s->transport, &peer);
	if (stream == NULL)
		event_failed("accept", errno);
	else
		a->client(a->context, stream);
	return true;
}

static bool
can_accept(const struct acceptor *a)
{
	const struct listen_options *o = a->options;

	return o->can_accept == NULL || o->can_accept(o->context);
}

/* The socket if it is open and listens for connections, or NULL. */
static const struct listen_socket *
listening_socket(const struct acceptor *a, size_t i)
{
	const struct listen_sockets *all = a->sockets;

	if (i >= all->count ||
	    transport_is_connectionless(all->items[i].transport))
		return NULL;
	return &all->items[i];
}

/* The socket is looked up each time: client() may have closed it. */
static void
take_clients(struct acceptor *a, size_t i, int64_t now)
{
	for (int n = 0; n < ACCEPTS && can_accept(a); n++) {
		const struct listen_socket *s = listening_socket(a, i);

		if (s == NULL || (n > 0 && !has_client(s->fd)) ||
		    !take_client(a, s, now))
			return;
	}
}

/* In a pause no socket is polled: poll(2) would tell of clients at once. */
void
acceptor_want(struct acceptor *a, struct poll_set *set)
{
	bool is_polled =
	    backoff_deadline(&a->pause) == LOOP_NEVER && can_accept(a);

	for (size_t i = 0; i < a->sockets->count; i++) {
		struct listen_socket *s = &a->sockets->items[i];

		if (transport_is_connectionless(s->transport))
			continue;
		s->slot = is_polled ? poll_set_add(set, s->fd, POLLIN) : -1;
	}
}

int64_t
acceptor_deadline(const struct acceptor *a)
{
	return can_accept(a) ? backoff_deadline(&a->pause) : LOOP_NEVER;
}

void
acceptor_step(struct acceptor *a, const struct poll_set *set, int64_t now)
{
	bool has_paused = backoff_deadline(&a->pause) <= now;

	for (size_t i = 0; i < a->sockets->count; i++) {
		const struct listen_socket *s = listening_socket(a, i);

		if (s != NULL &&
		    (has_paused || poll_set_events(set, s->slot) != 0))
			take_clients(a, i, now);
	}
}
