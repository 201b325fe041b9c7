/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A socket, and the local address that the user wants for it.
 */
#include "dial/attempt.h"

#include <sys/ioctl.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "dial/target.h"
#include "net/address_list.h"
#include "net/address_text.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/connection.h"
#include "stream/datagram.h"
#include "stream/stream.h"

void
attempt_init(struct attempt *a, const struct address *address)
{
	*a = (struct attempt){ .address = address, .fd = -1, .slot = -1 };
}

void
attempt_release(struct attempt *a)
{
	unixpath_remove(&a->path);
	if (a->fd != -1)
		close(a->fd);
	a->fd = -1;
}

/* The -s address of the attempt's family, or the wildcard. */
static int
bind_inet(struct attempt *a, const struct target *t,
    const struct address_list *sources)
{
	struct address local;

	if (t->source == NULL && t->source_port == NULL && !t->random_port)
		return 0;
	address_set_any(&local, address_family(a->address));
	for (size_t i = 0; i < sources->count; i++) {
		local = sources->items[i];
		if (address_family(&local) == address_family(a->address))
			break;
	}
	if (address_family(&local) != address_family(a->address)) {
		errno = EADDRNOTAVAIL;
		return -1;
	}
	if (t->random_port && t->source_port == NULL)
		return socket_bind_random(a->fd, t->transport, &local);
	return socket_bind_source(a->fd, t->transport, &local);
}

static int
bind_unix(struct attempt *a, const struct target *t)
{
	struct address local;

	if (t->source != NULL) {
		a->what = t->source;
		if (address_set_unix(&local, t->source) == -1)
			return -1;
		return unixpath_bind(a->fd, &local, -1, &a->path);
	}
	a->what = unixpath_private_parent();
	if (t->transport->type == SOCK_DGRAM)
		return unixpath_bind_private(a->fd, &a->path);
	return 0;
}

static int
bind_local(struct attempt *a, const struct target *t,
    const struct address_list *sources)
{
	switch (t->transport->domain) {
	case TRANSPORT_INET:
		return bind_inet(a, t, sources);
	case TRANSPORT_UNIX:
		return bind_unix(a, t);
	default:
		return 0;
	}
}

static void
attempt_announce(const struct attempt *a, const struct target *t)
{
	char where[2 * ADDRESS_TEXT];

	if (!log_enabled(LOG_STATES))
		return;
	target_format(t, a->address, where, sizeof(where));
	event_say(EVENT_CONNECTING, .where = where, .host = target_host(t),
	    .peer = address_end(a->address));
}

int
attempt_open(struct attempt *a, const struct target *t,
    const struct address_list *sources)
{
	attempt_announce(a, t);
	a->fd = socket_open(
	    t->transport, address_family(a->address), &t->socket, &a->what);
	if (a->fd == -1)
		return -1;
	a->what = "bind";
	if (bind_local(a, t, sources) == -1)
		return -1;
	a->what = NULL;
	return 0;
}

int
attempt_connect(struct attempt *a)
{
	return connect(a->fd, address_sockaddr(a->address), a->address->length);
}

int
attempt_error(struct attempt *a, short events)
{
	int error, bytes;

	/* An error behind bytes is for the reader of those bytes. */
	if (events & POLLERR && ioctl(a->fd, FIONREAD, &bytes) == 0 &&
	    bytes > 0)
		return 0;
	error = socket_error(a->fd);
	if (error != 0 || !socket_is_own_peer(a->fd, a->address))
		return error;
	socket_reset_on_close(a->fd);
	return ECONNREFUSED;
}

static const char *
attempt_reason(const struct attempt *a, const struct target *t, int error)
{
	if (error != EPROTOTYPE || t->transport->domain != TRANSPORT_UNIX)
		return address_error(a->address, error);
	if (t->transport->type == SOCK_DGRAM)
		return "It is no datagram socket (-u is for those)";
	return "The socket is of another type (see -u and --seqpacket)";
}

void
attempt_fail(struct attempt *a, const struct target *t, int error)
{
	attempt_release(a);
	a->state = ATTEMPT_FAILED;
	a->failure = (struct dial_failure){
		.address = a->address,
		.what = a->what,
		.error = error,
		.reason = attempt_reason(a, t, error),
	};
}

struct stream *
attempt_stream(struct attempt *a, const struct target *t)
{
	struct datagram_options datagram =
	    datagram_options_from(t->transport, &t->socket);
	int fd = a->fd;

	a->fd = -1;
	if (transport_keeps_messages(t->transport))
		return datagram_connected(fd, &datagram, a->address, &a->path);
	return connection_new(fd, t->transport, &t->socket, a->address);
}
