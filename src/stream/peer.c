/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The socket is one for all peers, so poll(2) tells a session nothing: its
 * stream says that it is ready.
 */
#include "stream/peer.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/backoff.h"
#include "net/socket.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/datagram.h"

struct message {
	STAILQ_ENTRY(message) next;
	size_t length;
	uint8_t bytes[];
};

static bool
is_unix(const struct peer *p)
{
	return p->stream.transport->domain == TRANSPORT_UNIX;
}

/* What is still queued counts, too: no session will read it. */
static void
report_dropped(struct peer *p)
{
	const struct message *m = STAILQ_FIRST(&p->queue);

	for (; m != NULL; m = STAILQ_NEXT(m, next))
		p->dropped++;
	if (p->dropped != 0)
		event_say(EVENT_DATAGRAMS_UNREAD,
		    .peer = stream_source(&p->stream), .count = p->dropped);
	p->dropped = 0;
}

bool
peer_push(struct peer *p, const uint8_t *bytes, size_t length)
{
	struct message *m = malloc(sizeof(*m) + length);

	if (m == NULL) {
		p->dropped++;
		return false;
	}
	m->length = length;
	memcpy(m->bytes, bytes, length);
	STAILQ_INSERT_TAIL(&p->queue, m, next);
	p->queued += sizeof(*m) + length;
	p->stream.ready |= POLLIN;
	return true;
}

void
peer_move(struct peer *from, struct peer *to)
{
	STAILQ_CONCAT(&to->queue, &from->queue);
	to->queued = from->queued;
	to->dropped = from->dropped;
	from->queued = from->dropped = 0;
	if (!STAILQ_EMPTY(&to->queue))
		to->stream.ready |= POLLIN;
}

void
peer_destroy(struct peer *p)
{
	struct message *m;

	report_dropped(p);
	while ((m = STAILQ_FIRST(&p->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&p->queue, next);
		free(m);
	}
	free(p);
}

static ssize_t
peer_read(struct stream *s, void *bytes, size_t length)
{
	struct peer *p = (struct peer *)s;
	struct message *m = STAILQ_FIRST(&p->queue);

	if (m == NULL && p->is_known)
		return STREAM_WANT_READ;
	if (m == NULL)
		return STREAM_EOF;
	if (length < m->length)
		p->dropped++;
	else
		length = m->length;
	memcpy(bytes, m->bytes, length);
	STAILQ_REMOVE_HEAD(&p->queue, next);
	p->queued -= sizeof(*m) + m->length;
	p->is_read = true;
	free(m);
	if (STAILQ_EMPTY(&p->queue)) {
		report_dropped(p);
		if (p->is_known)
			s->ready &= (short)~POLLIN;
	}
	p->owner->taken(p);
	return (ssize_t)length;
}

static ssize_t
peer_write(struct stream *s, const void *bytes, size_t length)
{
	struct peer *p = (struct peer *)s;
	ssize_t n = message_send(s->out, bytes, length, &p->route);
	int error;

	/* It may be an earlier datagram's error, and another peer's. */
	if (n == -1 && errno != EAGAIN && errno != EMSGSIZE &&
	    !backoff_is_shortage(errno)) {
		socket_error(s->out);
		p->owner->take_errors(p);
		n = message_send(s->out, bytes, length, &p->route);
	}
	if (n >= 0)
		p->owner->answered(p);
	error = errno;
	/* On a unix socket an error concerns the address just sent to. */
	if (n == -1 && is_unix(p) && (error == ECONNREFUSED || error == ENOENT))
		p->owner->unreachable(p);
	errno = error;
	return datagram_write_code(n, s->transport);
}

static bool
peer_has_input(struct stream *s)
{
	return !STAILQ_EMPTY(&((struct peer *)s)->queue);
}

static size_t
peer_next_message_max(struct stream *s)
{
	const struct message *m = STAILQ_FIRST(&((struct peer *)s)->queue);

	return m != NULL && m->length > s->message_max ? m->length
						       : s->message_max;
}

static void
peer_free(struct stream *s)
{
	struct peer *p = (struct peer *)s;

	p->owner->left(p);
}

static const struct stream_kind peer_kind = {
	.is_unpolled = true,
	.shares_socket = true,
	.read = peer_read,
	.write = peer_write,
	.has_input = peer_has_input,
	.next_message_max = peer_next_message_max,
	.free = peer_free,
};

struct peer *
peer_new(const struct peer_owner *owner, struct peers *peers, int fd,
    const struct transport *transport, const struct datagram_route *route,
    size_t message_size)
{
	struct peer *p = calloc(1, sizeof(*p));
	struct stream *s;

	if (p == NULL)
		return NULL;
	s = &p->stream;
	s->kind = &peer_kind;
	s->transport = transport;
	s->in = -1;
	s->out = fd;
	s->reads_messages = s->writes_messages = true;
	s->is_connectionless = true;
	s->message_size = message_size;
	s->message_max = transport->domain == TRANSPORT_INET
	    ? UDP_MESSAGE_MAX
	    : DATAGRAM_MESSAGE_MAX;
	stream_set_peer(s, &route->peer);
	s->local = route->local;
	p->owner = owner;
	p->peers = peers;
	p->route = *route;
	STAILQ_INIT(&p->queue);
	return p;
}
