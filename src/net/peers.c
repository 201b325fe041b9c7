/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Datagrams are read for all peers at once and wait in a queue of their
 * peer's, whose stream says that it is ready.  A tree, not a hash, finds the
 * peer: strangers choose the keys.
 */
#include "net/peers.h"

#include <sys/queue.h>
#include <sys/tree.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "net/batch.h"
#include "net/errqueue.h"
#include "net/socket.h"
#include "net/stream.h"
#include "net/transport.h"
#include "observe/log.h"

enum {
	ROOM = 1024 * 1024,      /* to read into */
	UDP_ROOM = 64 * 1024,    /* for one datagram */
	QUEUE_MOST = 256 * 1024, /* bytes that wait for one session */
	ROUNDS = 4,              /* of reads, before others have their turn */
};

struct message {
	STAILQ_ENTRY(message) next;
	size_t length;
	uint8_t bytes[];
};

STAILQ_HEAD(message_queue, message);

struct peer {
	struct stream stream;
	struct peers *peers;
	RB_ENTRY(peer) by_address;
	TAILQ_ENTRY(peer) by_age;
	struct datagram_source source;
	struct message_queue queue;
	size_t queued;
	size_t dropped; /* since the queue was last empty */
	bool is_known;  /* in the table */
	bool is_read;   /* its session has taken something */
};

RB_HEAD(peer_tree, peer);
TAILQ_HEAD(peer_list, peer);

struct peers {
	struct peer_tree tree;
	struct peer_list by_age; /* silent for longest first */
	size_t count, most;
	size_t streams; /* that have not been freed */
	peers_guard *guard;
	peers_new_peer *new_peer;
	void *context;
	uint8_t *room;
	bool is_closed, is_freed;
};

static int
compare(const struct peer *a, const struct peer *b)
{
	if (a->stream.out != b->stream.out)
		return a->stream.out < b->stream.out ? -1 : 1;
	return address_compare(&a->source.peer, &b->source.peer);
}

/* As RB_GENERATE_STATIC, whose attribute is not known everywhere. */
RB_GENERATE_INTERNAL(
    peer_tree, peer, by_address, compare, __attribute__((__unused__)) static);

static struct peer *
find(struct peers *peers, int fd, const struct address *address)
{
	struct peer key = { .stream.out = fd, .source.peer = *address };

	return RB_FIND(peer_tree, &peers->tree, &key);
}

/* What has come is still read, and then there is an end. */
static void
forget(struct peer *p)
{
	if (!p->is_known)
		return;
	RB_REMOVE(peer_tree, &p->peers->tree, p);
	TAILQ_REMOVE(&p->peers->by_age, p, by_age);
	p->peers->count--;
	p->is_known = false;
	p->stream.ready |= POLLIN;
}

/* A refusal is the only news of its end that a peer can send. */
static void
take_errors(struct peers *peers, int fd)
{
	struct address destination;
	int error;

	while ((error = errqueue_take(fd, &destination)) != 0) {
		struct peer *p = find(peers, fd, &destination);

		if (p == NULL || error != ECONNREFUSED)
			continue;
		log_line(LOG_EVENTS, "%s: gone: %s", p->stream.source,
		    strerror(error));
		forget(p);
	}
}

/* Of those that no session will read any more, some may still be queued. */
static void
report_dropped(struct peer *p)
{
	const struct message *m = STAILQ_FIRST(&p->queue);

	for (; m != NULL; m = STAILQ_NEXT(m, next))
		p->dropped++;
	if (p->dropped != 0)
		log_error("%s: dropped %zu datagrams that nobody read",
		    p->stream.source, p->dropped);
	p->dropped = 0;
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
	if (length > m->length)
		length = m->length;
	memcpy(bytes, m->bytes, length);
	STAILQ_REMOVE_HEAD(&p->queue, next);
	p->queued -= sizeof(*m) + m->length;
	p->is_read = true;
	free(m);
	if (!STAILQ_EMPTY(&p->queue))
		return (ssize_t)length;
	report_dropped(p);
	if (p->is_known)
		s->ready &= (short)~POLLIN;
	return (ssize_t)length;
}

static ssize_t
peer_write(struct stream *s, const void *bytes, size_t length)
{
	struct peer *p = (struct peer *)s;
	ssize_t n = message_send(s->out, bytes, length, &p->source);

	/* It may be an earlier datagram's error, and another peer's. */
	if (n == -1 && errno != EAGAIN && errno != EMSGSIZE) {
		socket_error(s->out);
		take_errors(p->peers, s->out);
		n = message_send(s->out, bytes, length, &p->source);
	}
	/* Of a unix socket, a call tells of nobody but whom it names. */
	if (n == -1 && s->transport->domain == TRANSPORT_UNIX &&
	    (errno == ECONNREFUSED || errno == ENOENT))
		forget(p);
	if (n == -1 && errno == EAGAIN &&
	    s->transport->domain == TRANSPORT_UNIX)
		errno = ENOBUFS; /* poll(2) cannot wait for its queue */
	return stream_write_code(n);
}

static int
peer_shut(struct stream *s)
{
	(void)s;
	return 0;
}

static int
peer_error(struct stream *s)
{
	(void)s;
	return 0;
}

static void
release(struct peers *peers)
{
	if (!peers->is_freed || peers->streams > 0)
		return;
	free(peers->room);
	free(peers);
}

static void peer_free(struct stream *);

static const struct stream_ops peer_ops = {
	.read = peer_read,
	.write = peer_write,
	.read_messages = stream_read_message,
	.write_messages = stream_write_message,
	.shut = peer_shut,
	.error = peer_error,
	STREAM_NO_CONNECTION,
	.free = peer_free,
};

static struct peer *
add(struct peers *peers, int fd, const struct transport *transport,
    const struct datagram_source *source)
{
	struct peer *p = calloc(1, sizeof(*p));
	struct stream *s;

	if (p == NULL)
		return NULL;
	s = &p->stream;
	s->ops = &peer_ops;
	s->transport = transport;
	s->in = -1;
	s->out = fd;
	s->is_unpolled = s->shares_socket = true;
	s->reads_messages = s->writes_messages = true;
	s->is_connectionless = true;
	s->message_size = socket_datagram_size(transport, &source->peer);
	s->message_room =
	    transport->domain == TRANSPORT_INET ? UDP_ROOM : DATAGRAM_ROOM;
	stream_set_peer(s, &source->peer);
	p->peers = peers;
	p->source = *source;
	p->is_known = true;
	STAILQ_INIT(&p->queue);
	RB_INSERT(peer_tree, &peers->tree, p);
	TAILQ_INSERT_TAIL(&peers->by_age, p, by_age);
	peers->count++;
	peers->streams++;
	return p;
}

/*
 * A session that ends before its peer does, as with -W, leaves what it did
 * not read to another.  One that has read nothing would only fail again.
 */
static void
hand_on(struct peer *p)
{
	struct peers *peers = p->peers;
	struct peer *next;

	if (STAILQ_EMPTY(&p->queue) || !p->is_known || !p->is_read ||
	    peers->is_closed || peers->is_freed)
		return;
	forget(p);
	next = add(peers, p->stream.out, p->stream.transport, &p->source);
	if (next == NULL)
		return;
	STAILQ_CONCAT(&next->queue, &p->queue);
	next->queued = p->queued;
	next->dropped = p->dropped;
	p->dropped = 0;
	next->stream.ready |= POLLIN;
	peers->new_peer(peers->context, &next->stream, &next->source);
}

static void
peer_free(struct stream *s)
{
	struct peer *p = (struct peer *)s;
	struct peers *peers = p->peers;
	struct message *m;

	hand_on(p);
	forget(p);
	report_dropped(p);
	while ((m = STAILQ_FIRST(&p->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&p->queue, next);
		free(m);
	}
	free(p);
	peers->streams--;
	release(peers);
}

static struct peer *
welcome(struct peers *peers, int fd, const struct transport *transport,
    const struct datagram_source *source)
{
	struct peer *oldest = TAILQ_FIRST(&peers->by_age), *p;

	if (peers->is_closed || !peers->guard(peers->context, &source->peer))
		return NULL;
	/* Sessions of peers that made room may take a while to end. */
	if (peers->streams >= 2 * peers->most) {
		log_line(LOG_STATES, "dropped a datagram of a new peer");
		return NULL;
	}
	if (peers->count >= peers->most) {
		log_line(LOG_EVENTS, "%s: silent for longest, makes room",
		    oldest->stream.source);
		forget(oldest);
	}
	p = add(peers, fd, transport, source);
	if (p == NULL) {
		log_error("accept: %s", strerror(errno));
		return NULL;
	}
	peers->new_peer(peers->context, &p->stream, source);
	/* Whoever got the stream may have freed it. */
	return find(peers, fd, &source->peer);
}

static void
give(struct peers *peers, int fd, const struct transport *transport,
    const struct datagram_source *source, const uint8_t *bytes, size_t length)
{
	struct peer *p = find(peers, fd, &source->peer);
	struct message *m;

	if (p == NULL)
		p = welcome(peers, fd, transport, source);
	if (p == NULL)
		return;
	p->source = *source;
	TAILQ_REMOVE(&peers->by_age, p, by_age);
	TAILQ_INSERT_TAIL(&peers->by_age, p, by_age);
	if (p->queued + sizeof(*m) + length > QUEUE_MOST ||
	    (m = malloc(sizeof(*m) + length)) == NULL) {
		p->dropped++;
		return;
	}
	m->length = length;
	memcpy(m->bytes, bytes, length);
	STAILQ_INSERT_TAIL(&p->queue, m, next);
	p->queued += sizeof(*m) + length;
	p->stream.ready |= POLLIN;
}

/* Returns whether there may be more. */
static bool
receive(struct peers *peers, int fd, const struct datagram_options *options)
{
	struct batch_item items[BATCH_MOST];
	bool is_inet = options->transport->domain == TRANSPORT_INET;
	size_t size = is_inet ? UDP_ROOM : DATAGRAM_ROOM;
	int count = (int)(ROOM / size);
	int n = batch_receive(fd, peers->room, size, count, items);

	for (int i = 0; i < n; i++) {
		if (datagram_is_too_far(options, &items[i].source))
			continue;
		give(peers, fd, options->transport, &items[i].source,
		    peers->room + (size_t)i * size, items[i].length);
	}
	return n == count;
}

void
peers_receive(
    struct peers *peers, int fd, const struct datagram_options *options)
{
	for (int i = 0; i < ROUNDS && receive(peers, fd, options); i++)
		;
	take_errors(peers, fd);
}

struct peers *
peers_new(
    size_t most, peers_guard *guard, peers_new_peer *new_peer, void *context)
{
	struct peers *peers = calloc(1, sizeof(*peers));

	if (peers == NULL)
		return NULL;
	peers->room = malloc(ROOM);
	if (peers->room == NULL) {
		free(peers);
		return NULL;
	}
	RB_INIT(&peers->tree);
	TAILQ_INIT(&peers->by_age);
	peers->most = most;
	peers->guard = guard;
	peers->new_peer = new_peer;
	peers->context = context;
	return peers;
}

void
peers_close(struct peers *peers)
{
	struct peer *p;

	peers->is_closed = true;
	while ((p = TAILQ_FIRST(&peers->by_age)) != NULL)
		forget(p);
}

void
peers_free(struct peers *peers)
{
	if (peers == NULL)
		return;
	peers->is_freed = true;
	release(peers);
}
