/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * One socket for each address of a host; the IPv4 and the IPv6 wildcard get
 * the same port.
 */
#include "listen/listen_sockets.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/loop.h"
#include "listen/inherited.h"
#include "listen/listen_options.h"
#include "net/address.h"
#include "net/address_list.h"
#include "net/address_text.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/datagram.h"

enum { SAME_PORT_TRIES = 32 /* to find a port that is free twice */ };

void
listen_sockets_close_listening(struct listen_sockets *all)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->count; i++) {
		struct listen_socket *s = &all->items[i];

		if (transport_is_connectionless(s->transport)) {
			all->items[kept++] = *s;
			continue;
		}
		unixpath_remove(&s->path);
		close(s->fd);
	}
	all->count = kept;
}

void
listen_sockets_close(struct listen_sockets *all)
{
	for (size_t i = 0; i < all->count; i++) {
		unixpath_remove(&all->items[i].path);
		close(all->items[i].fd);
	}
	free(all->items);
	*all = (struct listen_sockets){ 0 };
}

static int
bind_socket(
    const struct listen_options *o, struct listen_socket *s, struct address *a)
{
	if (o->transport->domain == TRANSPORT_UNIX)
		return unixpath_bind(s->fd, a, o->unix_mode, &s->path);
	if (o->random_port && address_port(a) == 0)
		return socket_bind_random(s->fd, o->transport, a);
	return socket_bind(s->fd, o->transport, a);
}

static int
prepare_datagrams(const struct listen_options *o, const struct listen_socket *s,
    const struct address *a)
{
	struct datagram_options datagram =
	    datagram_options_from(s->transport, &o->socket);

	datagram_prepare(s->fd, address_family(a), &datagram);
	if (address_is_multicast(a))
		return socket_join(s->fd, a, o->socket.interface);
	return 0;
}

/* Makes a bound socket ready for clients; *what as for socket_open(). */
static int
prepare_socket(const struct listen_options *o, const struct listen_socket *s,
    const struct address *a, const char **what)
{
	if (!transport_is_connectionless(s->transport)) {
		*what = "listen";
		return listen(s->fd, o->backlog);
	}
	*what = "multicast join";
	return prepare_datagrams(o, s, a);
}

/* Returns 0, or -1 with errno and in *what the call that failed. */
static int
open_socket(struct listen_sockets *all, const struct listen_options *o,
    struct address *a, const char **what)
{
	struct listen_socket *s = &all->items[all->count];

	*s = (struct listen_socket){ .slot = -1, .transport = o->transport };
	s->fd = socket_open(o->transport, address_family(a), &o->socket, what);
	if (s->fd == -1)
		return -1;
	*what = NULL;
	if (bind_socket(o, s, a) == -1 || prepare_socket(o, s, a, what) == -1) {
		int saved = errno;

		unixpath_remove(&s->path);
		close(s->fd);
		errno = saved;
		return -1;
	}
	all->count++;
	socket_local(s->fd, a);
	return 0;
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
 * Returns 0, or -1 with errno and in *failed the address.
 */
static int
open_each(struct listen_sockets *all, const struct listen_options *o,
    const struct address_list *list, struct address *failed, const char **what)
{
	uint16_t port = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct address a = list->items[i];

		if (address_port(&a) == 0)
			address_set_port(&a, port);
		*failed = a;
		if (open_socket(all, o, &a, what) == 0)
			port = (uint16_t)address_port(&a);
		else if (!can_do_without(o, failed) ||
		    (i + 1 == list->count && all->count == 0))
			return -1;
	}
	return 0;
}

static int
compare_families(const void *left, const void *right)
{
	int a = address_family(left), b = address_family(right);

	return (a > b) - (a < b);
}

static void
report_failure(
    const struct listen_options *o, const struct address *a, const char *what)
{
	char where[ADDRESS_TEXT];
	int error = errno;

	address_format(a, where, sizeof(where));
	event_say(EVENT_LISTEN_FAILED, .where = where, .local = address_end(a),
	    .host = o->host, .transport = o->transport->name, .what = what,
	    .reason = address_error(a, error), .error = error);
}

/* Whether to ask again for the directory of a path; sets when. */
static bool
waits_for_lock(struct listen_sockets *all, int64_t until)
{
	int64_t now = loop_now();

	if (until == 0)
		until = loop_after(now, UNIXPATH_LOCK_MS);
	if (now >= until)
		return false;
	listen_sockets_close(all);
	all->ask_until = until;
	all->ask_at = loop_after(now, UNIXPATH_RETRY_MS);
	return true;
}

int
listen_sockets_open(struct listen_sockets *all, const struct listen_options *o,
    struct address_list *list)
{
	bool may_retry = address_port(&list->items[0]) == 0 &&
	    address_has_port(&list->items[0]);
	int64_t until = all->ask_until;
	struct address failed;
	const char *what;

	/* IPv4 comes first, as in nc. */
	qsort(list->items, list->count, sizeof(*list->items), compare_families);
	for (int i = 0; i < SAME_PORT_TRIES; i++) {
		listen_sockets_close(all);
		all->items = calloc(list->count, sizeof(*all->items));
		if (all->items == NULL) {
			event_failed("listen", errno);
			return -1;
		}
		if (open_each(all, o, list, &failed, &what) == 0)
			return 0;
		/* The port that one family gave was taken in the other. */
		if (errno != EADDRINUSE || !may_retry)
			break;
	}
	if (errno == EAGAIN && waits_for_lock(all, until))
		return LISTEN_SOCKETS_LATER;
	report_failure(o, &failed, what);
	listen_sockets_close(all);
	return -1;
}

/*
 * accept(2) must not wait for a client that has left the queue again.  The
 * flag belongs to the open file, so the supervisor's copy gets it too.  That
 * is harmless: systemd only polls it, and inetd's "wait" leaves it alone
 * until its server has ended.
 */
static int
take_over(const struct listen_options *o, const struct inherited_socket *given,
    struct listen_socket *s)
{
	struct address a;

	*s = (struct listen_socket){
		.fd = given->fd,
		.slot = -1,
		.transport = given->transport,
	};
	if (descriptor_set_blocking(s->fd, false) == -1)
		return -1;
	socket_prepare_stream(s->fd, s->transport, &o->socket);
	if (!transport_is_connectionless(s->transport))
		return 0;
	socket_local(s->fd, &a);
	/* The supervisor may have joined the group itself. */
	if (prepare_datagrams(o, s, &a) == -1 && errno != EADDRINUSE)
		return -1;
	return 0;
}

int
listen_sockets_inherit(struct listen_sockets *all,
    const struct listen_options *o, const struct inherited *in)
{
	all->items = calloc(in->count, sizeof(*all->items));
	if (all->items == NULL) {
		event_failed("listen", errno);
		return -1;
	}
	for (size_t i = 0; i < in->count; i++) {
		const struct inherited_socket *given = &in->items[i];

		if (take_over(o, given, &all->items[all->count++]) == 0)
			continue;
		event_say(EVENT_INHERIT_FAILED,
		    .descriptor = (uint64_t)given->fd, .error = errno);
		listen_sockets_close(all);
		return -1;
	}
	return 0;
}

void
listen_sockets_report(
    const struct listen_sockets *all, const struct listen_options *o)
{
	enum event_id event =
	    o->tells_port ? EVENT_LISTENING_CHOSEN : EVENT_LISTENING;
	struct address a;

	if (!log_enabled(event_rows[event].level))
		return;
	for (size_t i = 0; i < all->count; i++) {
		const struct listen_socket *s = &all->items[i];

		socket_local(s->fd, &a);
		event_say(event, .local = address_end(&a),
		    .transport = s->transport->name);
	}
}
