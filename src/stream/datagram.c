/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Datagrams one by one, and how the stream is made.
 */
#include "stream/datagram.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/batch.h"
#include "net/errqueue.h"
#include "net/missing.h"
#include "net/mtu.h"
#include "net/overflow.h"
#include "net/socket.h"
#include "net/transport.h"
#include "net/unixpath.h"
#include "stream/datagram_impl.h"
#include "stream/reconnect.h"
#include "stream/stream.h"

/* Datagrams of others that one read passes over at most. */
enum { OTHERS_MAX = 16 };

/* A receive buffer that holds two milliseconds of a flood, in bytes. */
enum { DEEP_QUEUE = 4 * 1024 * 1024 };

static void
enable(int fd, int level, int option)
{
	const int on = 1;

	setsockopt(fd, level, option, &on, sizeof(on));
}

static bool
is_unix(const struct datagram *d)
{
	return d->options.transport->domain == TRANSPORT_UNIX;
}

static ssize_t
receive_one(struct datagram *d, void *bytes, size_t length,
    struct datagram_source *source, bool *has_control)
{
	if (d->unread != 0) {
		errno = d->unread;
		d->unread = 0;
		return -1;
	}
	return message_receive(
	    d->stream.in, bytes, length, 0, is_unix(d), source, has_control);
}

static ssize_t
datagram_read(struct stream *s, void *bytes, size_t length)
{
	struct datagram *d = (struct datagram *)s;
	struct datagram_source source;
	bool has_control = false;

	for (int i = 0; i < OTHERS_MAX; i++) {
		ssize_t n =
		    receive_one(d, bytes, length, &source, &has_control);

		if (n == -1)
			return datagram_read_failed(d);
		datagram_count_reads(d, 1, false);
		/* Credentials come with an empty message, not with the end. */
		if (n == 0 && !s->is_connectionless && !has_control)
			return STREAM_EOF;
		if (d->reconnect != NULL)
			d->reconnect->ops->answered(d->reconnect);
		if (datagram_is_mine(d, &source))
			return n;
	}
	return STREAM_WANT_READ;
}

/* Of a unix socket, where a message may have any size.  See read(2). */
static size_t
datagram_next_message_max(struct stream *s)
{
	struct datagram *d = (struct datagram *)s;
	ssize_t size;

	if (d->options.transport->domain == TRANSPORT_INET)
		return s->message_max;
	size = message_size(s->in);
	/* A call that tells an error clears it; here the read is to tell. */
	if (size == -1 && errno != EAGAIN)
		d->unread = errno;
	return size > (ssize_t)s->message_max ? (size_t)size : s->message_max;
}

static bool
datagram_has_input(struct stream *s)
{
	char byte;
	ssize_t n = recv(s->in, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	return s->is_connectionless ? n >= 0 : n > 0;
}

ssize_t
datagram_write_code(ssize_t result, const struct transport *transport)
{
	if (result == -1 && errno == EAGAIN &&
	    transport->domain == TRANSPORT_UNIX)
		return STREAM_LATER;
	return stream_write_code(result);
}

static ssize_t
datagram_write(struct stream *s, const void *bytes, size_t length)
{
	struct datagram *d = (struct datagram *)s;

	if (d->is_connected)
		return stream_write_code(
		    message_send(s->out, bytes, length, NULL));
	return datagram_write_code(
	    message_send(s->out, bytes, length, &d->route), s->transport);
}

static int
datagram_shut(struct stream *s)
{
	if (s->is_connectionless || socket_shut(s->out) == 0)
		return 0;
	return STREAM_ERROR;
}

static int
datagram_error(struct stream *s)
{
	struct datagram *d = (struct datagram *)s;
	int error = socket_error(s->in);

	if (datagram_has_errqueue(d))
		errqueue_clear(s->in);
	return error != 0 && datagram_recovers(d, error) ? 0 : error;
}

static void
datagram_free(struct stream *s)
{
	struct datagram *d = (struct datagram *)s;

	if (d->options.transport->domain == TRANSPORT_INET)
		overflow_end(&d->overflow, s->in, s->source);
	if (d->reconnect != NULL)
		d->reconnect->ops->free(d->reconnect);
	unixpath_remove(&d->path);
	close(s->in);
	free(d);
}

static const struct stream_kind datagram_kind = {
	.read = datagram_read,
	.write = datagram_write,
	.read_messages = datagram_read_messages,
	.write_messages = datagram_write_messages,
	.shut = datagram_shut,
	.error = datagram_error,
	.has_input = datagram_has_input,
	.next_message_max = datagram_next_message_max,
	.free = datagram_free,
};

static struct datagram *
datagram_new(
    int fd, const struct datagram_options *options, const struct address *peer)
{
	struct datagram *d = calloc(1, sizeof(*d));
	struct stream *s;

	if (d == NULL)
		return NULL;
	d->options = *options;
	s = &d->stream;
	s->kind = &datagram_kind;
	s->transport = options->transport;
	s->in = s->out = fd;
	s->reads_messages = s->writes_messages = true;
	s->is_connectionless = transport_is_connectionless(options->transport);
	s->message_size = mtu_datagram_size(options->transport, peer);
	s->message_max = datagram_is_batched(options) ? UDP_MESSAGE_MAX
						      : DATAGRAM_MESSAGE_MAX;
	s->has_deep_queue = datagram_is_batched(options) &&
	    socket_receive_buffer(fd) >= DEEP_QUEUE;
	d->use_gso = datagram_is_batched(options) && batch_has_gso(fd);
	stream_set_peer(s, peer);
	return d;
}

struct stream *
datagram_connected(int fd, const struct datagram_options *options,
    const struct address *peer, struct unixpath *bound)
{
	struct datagram *d = datagram_new(fd, options, peer);

	if (d == NULL) {
		if (bound != NULL)
			unixpath_remove(bound);
		close(fd);
		errno = ENOMEM;
		return NULL;
	}
	d->is_connected = true;
	if (bound != NULL) {
		d->path = *bound;
		*bound = (struct unixpath){ 0 };
	}
	datagram_set_options(d, peer);
	if (!d->stream.is_connectionless)
		enable(fd, SOL_SOCKET, SO_PASSCRED);
	return &d->stream;
}

void
datagram_set_reconnect(struct stream *s, struct reconnect *reconnect)
{
	((struct datagram *)s)->reconnect = reconnect;
}

struct stream *
datagram_first(int fd, const struct datagram_options *options,
    const struct datagram_source *first, struct unixpath *bound)
{
	const struct address *peer = &first->peer;
	struct datagram *d = datagram_new(fd, options, peer);

	if (d == NULL)
		return NULL;
	d->is_served = true;
	d->route = datagram_route_back(first);
	d->stream.local = first->local;
	d->path = *bound;
	*bound = (struct unixpath){ 0 };
	/* Only connected to its peer can a unix socket wait for its queue. */
	if (address_family(peer) == AF_UNIX)
		d->is_connected =
		    connect(fd, address_sockaddr(peer), peer->length) == 0;
	return &d->stream;
}
