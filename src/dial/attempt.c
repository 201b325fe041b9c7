/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A socket, the local address that the user wants for it, and the words for
 * how it went.
 */
#include "dial/attempt.h"

#include <sys/ioctl.h>

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dial/dial.h"
#include "net/transport.h"
#include "net/vsock.h"
#include "observe/log.h"
#include "stream/connection.h"
#include "stream/datagram.h"
#include "stream/stream.h"

static void
describe(const struct dial_options *o, const struct address *a, char *text,
    size_t size)
{
	char host[ADDRESS_TEXT];

	if (o->transport->domain == TRANSPORT_UNIX) {
		strlcpy(text, o->host, size);
		return;
	}
	address_host(a, host, sizeof(host));
	if (strcmp(host, dial_host(o)) == 0)
		strlcpy(text, host, size);
	else
		snprintf(text, size, "%s (%s)", dial_host(o), host);
}

/* The same, and the port behind it where there is one. */
static void
describe_whole(const struct dial_options *o, const struct address *a,
    char *text, size_t size)
{
	unsigned int number = address_port(a);
	size_t used;

	describe(o, a, text, size);
	used = strlen(text);
	if (address_has_port(a) || vsock_port(a, &number))
		snprintf(text + used, size - used, " port %u", number);
}

static const char *
why(const struct attempt *a, const struct dial_options *o)
{
	if (a->error != EPROTOTYPE || o->transport->domain != TRANSPORT_UNIX)
		return address_error(&a->address, a->error);
	if (o->transport->type == SOCK_DGRAM)
		return "It is no datagram socket (-u is for those)";
	return "The socket is of another type (see -u and --seqpacket)";
}

void
attempt_failure(const struct attempt *a, const struct dial_options *o,
    char *line, size_t size)
{
	char where[2 * ADDRESS_TEXT], what[256] = "";

	describe_whole(o, &a->address, where, sizeof(where));
	if (a->what != NULL)
		snprintf(what, sizeof(what), "%s: ", a->what);
	snprintf(line, size, "connect to %s (%s) failed: %s%s", where,
	    o->transport->name, what, why(a, o));
}

/* The line that nc prints: "Connection to HOST PORT port [tcp/http]". */
void
attempt_announce(const struct attempt *a, const struct dial_options *o)
{
	char host[2 * ADDRESS_TEXT], service[NI_MAXSERV] = "*";
	int flags = o->transport->type == SOCK_DGRAM ? NI_DGRAM : 0;
	unsigned int number = address_port(&a->address);
	char client[ADDRESS_TEXT + 2] = "";

	if (!log_enabled(LOG_EVENTS))
		return;
	if (o->client != NULL)
		snprintf(client, sizeof(client), "%s: ", o->client);
	describe(o, &a->address, host, sizeof(host));
	if (vsock_port(&a->address, &number)) {
		log_line(LOG_EVENTS,
		    "%sConnection to %s %u port [%s] succeeded!", client, host,
		    number, o->transport->name);
		return;
	}
	if (!address_has_port(&a->address)) {
		log_line(LOG_EVENTS, "%sConnection to %s [%s] succeeded!",
		    client, host, o->transport->name);
		return;
	}
	if (!o->numeric &&
	    getnameinfo(address_sockaddr(&a->address), a->address.length, NULL,
		0, service, sizeof(service), flags) == 0 &&
	    strspn(service, "0123456789") == strlen(service))
		strlcpy(service, "*", sizeof(service));
	log_line(LOG_EVENTS, "%sConnection to %s %u port [%s/%s] succeeded!",
	    client, host, number, o->transport->name, service);
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
bind_inet(struct attempt *a, const struct dial_options *o,
    const struct address_list *sources)
{
	struct address local;

	if (o->source == NULL && o->source_port == NULL && !o->random_port)
		return 0;
	address_set_any(&local, address_family(&a->address));
	for (size_t i = 0; i < sources->count; i++) {
		local = sources->items[i];
		if (address_family(&local) == address_family(&a->address))
			break;
	}
	if (address_family(&local) != address_family(&a->address)) {
		errno = EADDRNOTAVAIL;
		return -1;
	}
	if (o->random_port && o->source_port == NULL)
		return socket_bind_random(a->fd, o->transport, &local);
	return socket_bind_source(a->fd, o->transport, &local);
}

static int
bind_unix(struct attempt *a, const struct dial_options *o)
{
	struct address local;

	if (o->source != NULL) {
		a->what = o->source;
		if (address_set_unix(&local, o->source) == -1)
			return -1;
		return unixpath_bind(a->fd, &local, -1, &a->path);
	}
	a->what = unixpath_private_parent();
	if (o->transport->type == SOCK_DGRAM)
		return unixpath_bind_private(a->fd, &a->path);
	return 0;
}

static int
bind_local(struct attempt *a, const struct dial_options *o,
    const struct address_list *sources)
{
	switch (o->transport->domain) {
	case TRANSPORT_INET:
		return bind_inet(a, o, sources);
	case TRANSPORT_UNIX:
		return bind_unix(a, o);
	default:
		return 0;
	}
}

int
attempt_open(struct attempt *a, const struct dial_options *o,
    const struct address_list *sources)
{
	char where[2 * ADDRESS_TEXT];

	describe_whole(o, &a->address, where, sizeof(where));
	log_line(LOG_STATES, "connecting to %s", where);
	a->fd = socket_open(
	    o->transport, address_family(&a->address), &o->socket, &a->what);
	if (a->fd == -1)
		return -1;
	a->what = "bind";
	if (bind_local(a, o, sources) == -1)
		return -1;
	a->what = NULL;
	return 0;
}

int
attempt_connect(struct attempt *a)
{
	return connect(a->fd, address_sockaddr(&a->address), a->address.length);
}

int
attempt_error(struct attempt *a, short events)
{
	int error, bytes;

	/* An error behind bytes is met by who reads them. */
	if (events & POLLERR && ioctl(a->fd, FIONREAD, &bytes) == 0 &&
	    bytes > 0)
		return 0;
	error = socket_error(a->fd);
	if (error != 0 || !socket_is_own_peer(a->fd, &a->address))
		return error;
	socket_reset_on_close(a->fd);
	return ECONNREFUSED;
}

struct stream *
attempt_stream(struct attempt *a, const struct dial_options *o)
{
	struct datagram_options datagram = {
		.transport = o->transport,
		.min_ttl = o->socket.min_ttl,
		.one_by_one = o->socket.one_by_one,
	};
	int fd = a->fd;

	a->fd = -1;
	if (transport_keeps_messages(o->transport))
		return datagram_connected(fd, &datagram, &a->address, &a->path);
	return connection_new(fd, o->transport, &o->socket, &a->address);
}
