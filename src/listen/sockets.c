/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * One socket for each address of a host; the IPv4 and the IPv6 wildcard get
 * the same port.
 */
#include "listen/sockets.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/loop.h"
#include "listen/inherit.h"
#include "listen/listen.h"
#include "net/address.h"
#include "net/address_list.h"
#include "net/address_text.h"
#include "net/transport.h"
#include "observe/log.h"
#include "stream/datagram.h"

enum { SAME_PORT_TRIES = 32 /* to find a port that is free twice */ };

void
listen_sockets_close_listening(struct listen_sockets *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++) {
		struct listen_socket *b = &l->items[i];

		if (transport_is_connectionless(b->transport)) {
			l->items[kept++] = *b;
			continue;
		}
		unixpath_remove(&b->path);
		close(b->fd);
	}
	l->count = kept;
}

void
listen_sockets_close(struct listen_sockets *l)
{
	for (size_t i = 0; i < l->count; i++) {
		unixpath_remove(&l->items[i].path);
		close(l->items[i].fd);
	}
	free(l->items);
	*l = (struct listen_sockets){ 0 };
}

static int
bind_one(const struct listen_options *o, int fd, struct address *a,
    struct unixpath *path)
{
	if (o->transport->domain == TRANSPORT_UNIX)
		return unixpath_bind(fd, a, o->unix_mode, path);
	if (o->random_port && address_port(a) == 0)
		return socket_bind_random(fd, o->transport, a);
	return socket_bind(fd, o->transport, a);
}

static int
prepare_datagrams(const struct listen_options *o, const struct listen_socket *b,
    const struct address *a)
{
	struct datagram_options datagram = {
		.transport = b->transport,
		.min_ttl = o->socket.min_ttl,
		.one_by_one = o->socket.one_by_one,
	};

	datagram_prepare(b->fd, address_family(a), &datagram);
	if (address_is_multicast(a))
		return socket_join(b->fd, a, o->socket.interface);
	return 0;
}

/* Makes a bound socket ready for clients; *what as for socket_open(). */
static int
prepare(const struct listen_options *o, const struct listen_socket *b,
    const struct address *a, const char **what)
{
	if (!transport_is_connectionless(b->transport)) {
		*what = "listen";
		return listen(b->fd, o->backlog);
	}
	*what = "multicast join";
	return prepare_datagrams(o, b, a);
}

/* Returns 0, or -1 with errno and in *what the call that failed. */
static int
open_one(struct listen_sockets *l, const struct listen_options *o,
    struct address *a, const char **what)
{
	struct listen_socket *b = &l->items[l->count];

	*b = (struct listen_socket){ .slot = -1, .transport = o->transport };
	b->fd = socket_open(o->transport, address_family(a), &o->socket, what);
	if (b->fd == -1)
		return -1;
	*what = NULL;
	if (bind_one(o, b->fd, a, &b->path) == -1 ||
	    prepare(o, b, a, what) == -1) {
		int saved = errno;

		unixpath_remove(&b->path);
		close(b->fd);
		errno = saved;
		return -1;
	}
	l->count++;
	socket_local(b->fd, a);
	return 0;
}

static void
report(
    const struct listen_options *o, const struct address *a, const char *what)
{
	char where[ADDRESS_TEXT];
	int error = errno;

	address_format(a, where, sizeof(where));
	log_error("listen on %s (%s) failed: %s%s%s", where, o->transport->name,
	    what != NULL ? what : "", what != NULL ? ": " : "",
	    address_error(a, error));
}

/* A machine without one family still listens on the other's wildcard. */
static bool
can_do_without(const struct listen_options *o, const struct address *a)
{
	return o->family == AF_UNSPEC && address_is_any(a) &&
	    (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL);
}

/*
 * Opens every address, later ones on the port that the first one was given.
 * Returns the number opened, or -1 with errno; *failed is then the address.
 */
static int
open_each(struct listen_sockets *l, const struct listen_options *o,
    const struct address_list *list, struct address *failed, const char **what)
{
	uint16_t port = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct address a = list->items[i];

		if (address_port(&a) == 0)
			address_set_port(&a, port);
		*failed = a;
		if (open_one(l, o, &a, what) == 0)
			port = (uint16_t)address_port(&a);
		else if (!can_do_without(o, failed) ||
		    (i + 1 == list->count && l->count == 0))
			return -1;
	}
	return (int)l->count;
}

static int
compare_family(const void *left, const void *right)
{
	int a = address_family(left), b = address_family(right);

	return (a > b) - (a < b);
}

static void
announce(const struct listen_sockets *l, enum log_level level)
{
	struct address a;
	char line[ADDRESS_TEXT];

	for (size_t i = 0; i < l->count; i++) {
		socket_local(l->items[i].fd, &a);
		address_format_nc(&a, line, sizeof(line));
		log_line(level, "Listening on %s", line);
	}
}

/* Whether to ask again for the directory of a path; sets when. */
static bool
waits_for_lock(struct listen_sockets *l, int64_t until)
{
	int64_t now = loop_now();

	if (until == 0)
		until = loop_after(now, UNIXPATH_LOCK_MS);
	if (now >= until)
		return false;
	listen_sockets_close(l);
	l->ask_until = until;
	l->ask_at = loop_after(now, UNIXPATH_RETRY_MS);
	return true;
}

int
listen_sockets_open(struct listen_sockets *l, const struct listen_options *o,
    struct address_list *list)
{
	bool may_retry = address_port(&list->items[0]) == 0 &&
	    address_has_port(&list->items[0]);
	int64_t until = l->ask_until;
	struct address failed;
	const char *what;

	/* IPv4 first, as nc lists it. */
	qsort(list->items, list->count, sizeof(*list->items), compare_family);
	for (int i = 0; i < SAME_PORT_TRIES; i++) {
		listen_sockets_close(l);
		l->items = calloc(list->count, sizeof(*l->items));
		if (l->items == NULL) {
			log_error("listen: %s", strerror(errno));
			return -1;
		}
		if (open_each(l, o, list, &failed, &what) != -1) {
			announce(l, o->tells_port ? LOG_ERRORS : LOG_EVENTS);
			return 0;
		}
		/* The port that one family gave was taken in the other. */
		if (errno != EADDRINUSE || !may_retry)
			break;
	}
	if (errno == EAGAIN && waits_for_lock(l, until))
		return LISTEN_SOCKETS_LATER;
	report(o, &failed, what);
	listen_sockets_close(l);
	return -1;
}

/*
 * accept(2) must not wait for a client that has left the queue again.  The
 * flag belongs to the open file, so the supervisor's copy gets it too.  That
 * is harmless: systemd only polls it, and inetd's "wait" leaves it alone
 * until its server has ended.
 */
static int
take_over(const struct listen_options *o, const struct inherited_socket *s,
    struct listen_socket *b)
{
	struct address a;

	*b = (struct listen_socket){
		.fd = s->fd,
		.slot = -1,
		.transport = s->transport,
	};
	if (descriptor_set_blocking(b->fd, false) == -1)
		return -1;
	socket_prepare_stream(b->fd, b->transport, &o->socket);
	if (!transport_is_connectionless(b->transport))
		return 0;
	socket_local(b->fd, &a);
	/* The supervisor may have joined the group itself. */
	if (prepare_datagrams(o, b, &a) == -1 && errno != EADDRINUSE)
		return -1;
	return 0;
}

int
listen_sockets_inherit(struct listen_sockets *l, const struct listen_options *o,
    const struct inherited *in)
{
	l->items = calloc(in->count, sizeof(*l->items));
	if (l->items == NULL) {
		log_error("listen: %s", strerror(errno));
		return -1;
	}
	for (size_t i = 0; i < in->count; i++) {
		if (take_over(o, &in->items[i], &l->items[l->count++]) == 0)
			continue;
		log_error("listen on inherited descriptor %d: %s",
		    in->items[i].fd, strerror(errno));
		listen_sockets_close(l);
		return -1;
	}
	announce(l, LOG_EVENTS);
	return 0;
}
