/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * One bound socket for each address; the IPv4 and the IPv6 wildcard get the
 * same port.  Datagram sockets have no accept(2): their first datagram is
 * looked at and left for the stream to read.
 */
#include "net/listen.h"

#include <sys/socket.h>

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "net/address.h"
#include "net/connection.h"
#include "net/datagram.h"
#include "net/resolve.h"
#include "net/stream.h"
#include "net/transport.h"
#include "net/unixpath.h"
#include "observe/log.h"

enum {
	SAME_PORT_TRIES = 32,    /* to find a port that is free twice */
	NO_DESCRIPTORS_MS = 100, /* out of descriptors: look again */
};

struct bound {
	int fd;
	int slot;
	struct unixpath path;
};

struct listener {
	struct task task;
	struct listen_options options;
	listen_client *client;
	void *context;
	struct bound *sockets;
	size_t count;
	bool is_paused;
	int64_t wait_until; /* no descriptors before that; 0: there are */
};

static void
close_all(struct listener *l)
{
	for (size_t i = 0; i < l->count; i++) {
		close(l->sockets[i].fd);
		unixpath_remove(&l->sockets[i].path);
	}
	l->count = 0;
}

static int
bind_one(struct listener *l, int fd, struct address *a, struct unixpath *path)
{
	const struct listen_options *o = &l->options;

	if (o->transport->domain == TRANSPORT_UNIX)
		return unixpath_bind(fd, a, o->unix_mode, path);
	if (o->random_port && address_port(a) == 0)
		return socket_bind_random(fd, o->transport, a);
	return socket_bind(fd, o->transport, a);
}

/* Makes a bound socket ready for clients; *what as for socket_open(). */
static int
prepare(struct listener *l, int fd, const struct address *a, const char **what)
{
	const struct listen_options *o = &l->options;
	struct datagram_options datagram = {
		.transport = o->transport,
		.min_ttl = o->socket.min_ttl,
	};

	if (!transport_is_connectionless(o->transport)) {
		*what = "listen";
		return listen(fd, o->backlog);
	}
	datagram_prepare(fd, address_family(a), &datagram);
	*what = "multicast join";
	if (address_is_multicast(a))
		return socket_join(fd, a, o->socket.interface);
	return 0;
}

/* Returns 0, or -1 with errno and in *what the call that failed. */
static int
open_one(struct listener *l, struct address *a, const char **what)
{
	const struct listen_options *o = &l->options;
	struct bound *b = &l->sockets[l->count];

	*b = (struct bound){ .slot = -1 };
	b->fd = socket_open(o->transport, address_family(a), &o->socket, what);
	if (b->fd == -1)
		return -1;
	*what = NULL;
	if (bind_one(l, b->fd, a, &b->path) == -1 ||
	    prepare(l, b->fd, a, what) == -1) {
		int saved = errno;

		close(b->fd);
		unixpath_remove(&b->path);
		errno = saved;
		return -1;
	}
	l->count++;
	socket_local(b->fd, a);
	return 0;
}

static void
report(const struct listener *l, const struct address *a, const char *what)
{
	char where[ADDRESS_TEXT];
	int error = errno;

	address_words(a, where, sizeof(where));
	log_error("listen on %s (%s) failed: %s%s%s", where,
	    l->options.transport->name, what != NULL ? what : "",
	    what != NULL ? ": " : "", strerror(error));
}

/* A machine without one family still listens on the other's wildcard. */
static bool
can_do_without(const struct listener *l, const struct address *a)
{
	return l->options.family == AF_UNSPEC && address_is_any(a) &&
	    (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL);
}

/*
 * Opens every address, later ones on the port that the first one was given.
 * Returns the number opened, or -1 with errno; *failed is then the address.
 */
static int
open_each(struct listener *l, const struct address_list *list,
    struct address *failed, const char **what)
{
	uint16_t port = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct address a = list->items[i];

		if (address_port(&a) == 0)
			address_set_port(&a, port);
		*failed = a;
		if (open_one(l, &a, what) == 0)
			port = address_port(&a);
		else if (!can_do_without(l, failed) ||
		    (i + 1 == list->count && l->count == 0))
			return -1;
	}
	return (int)l->count;
}

static int
open_all(struct listener *l, const struct address_list *list)
{
	bool may_retry = address_port(&list->items[0]) == 0 &&
	    address_has_port(&list->items[0]);
	struct address failed;
	const char *what;

	l->sockets = calloc(list->count, sizeof(*l->sockets));
	if (l->sockets == NULL) {
		log_error("listen: %s", strerror(errno));
		return -1;
	}
	for (int i = 0; i < SAME_PORT_TRIES; i++) {
		close_all(l);
		if (open_each(l, list, &failed, &what) != -1)
			return 0;
		/* The port that one family gave was taken in the other. */
		if (errno != EADDRINUSE || !may_retry)
			break;
	}
	report(l, &failed, what);
	return -1;
}

static int
compare_family(const void *left, const void *right)
{
	int a = address_family(left), b = address_family(right);

	return (a > b) - (a < b);
}

/* Resolves the host, IPv4 first as nc lists it. */
static int
find_addresses(struct listener *l, struct address_list *list)
{
	const struct listen_options *o = &l->options;
	struct resolve_query query = {
		.host = o->host,
		.port = o->port,
		.family = o->family,
		.type = o->transport->type,
		.numeric = o->numeric,
		.passive = true,
	};
	struct address one = { 0 };
	int code;

	if (o->transport->domain == TRANSPORT_INET) {
		code = resolve_now(&query, list);
		if (code != 0)
			log_error("listen on %s port %s: %s",
			    o->host != NULL ? o->host : "*",
			    o->port != NULL ? o->port : "0",
			    resolve_error(code));
		if (code == 0)
			qsort(list->items, list->count, sizeof(*list->items),
			    compare_family);
		return code == 0 ? 0 : -1;
	}
	if (transport_address(o->transport, o->host, o->port, &one) == 0 &&
	    address_list_add(list, &one) == 0)
		return 0;
	log_error("listen on %s (%s) failed: %s",
	    o->host != NULL ? o->host : "any", o->transport->name,
	    strerror(errno));
	return -1;
}

static void
announce(const struct listener *l)
{
	struct address a;
	char line[ADDRESS_TEXT];

	for (size_t i = 0; i < l->count; i++) {
		socket_local(l->sockets[i].fd, &a);
		address_line(&a, line, sizeof(line));
		log_line(LOG_EVENTS, "Listening on %s", line);
	}
}

/* Says who came.  For a unix peer without a name, the listener's stands. */
static void
welcome(
    const struct bound *b, const struct address *peer, struct stream *stream)
{
	char line[ADDRESS_TEXT];
	struct address local;

	address_line(peer, line, sizeof(line));
	socket_local(b->fd, &local);
	if (address_family(&local) == AF_UNIX &&
	    peer->length <= sizeof(sa_family_t)) {
		address_line(&local, line, sizeof(line));
		stream_set_peer(stream, &local);
	}
	log_line(LOG_EVENTS, "Connection received on %s", line);
}

static void
serve(struct listener *l, struct stream *stream)
{
	if (!l->options.keep_open) {
		close_all(l);
		task_end(&l->task);
	}
	l->client(l->context, stream);
}

/* Whether accept(2) failed because this process or system is full. */
static bool
is_full(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	    error == ENOMEM;
}

static void
take_connection(struct listener *l, const struct bound *b, int64_t now)
{
	struct datagram_options options = {
		.transport = l->options.transport,
	};
	struct address peer = { .length = sizeof(peer.storage) };
	struct stream *stream;
	int fd = accept4(b->fd, (struct sockaddr *)&peer.storage, &peer.length,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd == -1) {
		/* Anything else concerns a client that is gone already. */
		if (is_full(errno)) {
			if (l->wait_until == 0)
				log_error("accept: %s", strerror(errno));
			l->wait_until = loop_after(now, NO_DESCRIPTORS_MS);
		}
		return;
	}
	l->wait_until = 0;
	if (transport_keeps_messages(l->options.transport))
		stream = datagram_connected(fd, &options, &peer, NULL);
	else
		stream = connection_new(fd, l->options.transport, &peer);
	if (stream == NULL) {
		log_error("accept: %s", strerror(errno));
		return;
	}
	welcome(b, &peer, stream);
	serve(l, stream);
}

static void
take_datagram(struct listener *l, struct bound *b)
{
	struct datagram_options options = {
		.transport = l->options.transport,
		.min_ttl = l->options.socket.min_ttl,
	};
	struct datagram_source first;
	struct stream *stream;
	char byte;

	if (datagram_receive(b->fd, &byte, 1, MSG_PEEK, &first) == -1)
		return;
	if (datagram_is_too_far(&options, &first)) {
		datagram_receive(b->fd, &byte, 1, 0, &first);
		return;
	}
	if (l->options.keep_open)
		stream = datagram_shared(b->fd, &options, &first);
	else
		stream = datagram_first(b->fd, &options, &first, &b->path);
	if (stream == NULL) {
		log_error("accept: %s", strerror(errno));
		return;
	}
	welcome(b, &first.peer, stream);
	if (!l->options.keep_open) /* the socket is the stream's now */
		*b = l->sockets[--l->count];
	serve(l, stream);
}

static void
listener_want(struct task *task, struct poll_set *set)
{
	struct listener *l = (struct listener *)task;

	for (size_t i = 0; i < l->count; i++) {
		struct bound *b = &l->sockets[i];

		b->slot = -1;
		if (!l->is_paused && l->wait_until == 0)
			b->slot = poll_set_add(set, b->fd, POLLIN);
	}
}

static int64_t
listener_deadline(const struct task *task)
{
	const struct listener *l = (const struct listener *)task;

	return l->is_paused || l->wait_until == 0 ? LOOP_NEVER : l->wait_until;
}

static void
listener_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct listener *l = (struct listener *)task;
	bool has_waited = l->wait_until != 0 && l->wait_until <= now;

	for (size_t i = 0; i < l->count && !l->is_paused; i++) {
		struct bound *b = &l->sockets[i];

		if (!has_waited && poll_set_events(set, b->slot) == 0)
			continue;
		if (transport_is_connectionless(l->options.transport))
			take_datagram(l, b);
		else
			take_connection(l, b, now);
	}
	if (has_waited && l->wait_until <= now)
		l->wait_until = 0;
}

static void
listener_free(struct task *task)
{
	struct listener *l = (struct listener *)task;

	close_all(l);
	free(l->sockets);
	free(l);
}

static const struct task_ops listener_ops = {
	.name = "listener",
	.want = listener_want,
	.deadline = listener_deadline,
	.step = listener_step,
	.free = listener_free,
};

struct listener *
listener_new(
    const struct listen_options *options, listen_client *client, void *context)
{
	struct address_list list = { 0 };
	struct listener *l = calloc(1, sizeof(*l));
	int result = -1;

	if (l == NULL) {
		log_error("listen: %s", strerror(errno));
		return NULL;
	}
	l->task.ops = &listener_ops;
	l->options = *options;
	l->client = client;
	l->context = context;
	if (find_addresses(l, &list) == 0)
		result = open_all(l, &list);
	address_list_clear(&list);
	if (result == -1) {
		listener_free(&l->task);
		return NULL;
	}
	announce(l);
	return l;
}

struct task *
listener_task(struct listener *l)
{
	return &l->task;
}

void
listener_pause(struct listener *l, bool is_paused)
{
	l->is_paused = is_paused;
}
