/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What socket(7), ip(7), ipv6(7) and tcp(7) let a user set.
 */
#include "net/socket.h"

#include <sys/socket.h>

#include <net/if.h>
#include <netinet/in.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/address.h"
#include "net/missing.h"
#include "net/transport.h"

/* The system takes twice as much, for its bookkeeping. */
#define DATAGRAM_BUFFER (16 * 1024 * 1024)

enum {
	KEEPALIVE_PROBES = 3,  /* unanswered ones, until a peer is lost */
	RETRANSMIT_MS = 30000, /* the longest pause between two tries */
};

/* How often a random port is drawn before none seems to be free. */
#define RANDOM_PORTS 64

static int
set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value));
}

int
socket_set_ip(int fd, int family, int option4, int option6, int value)
{
	if (family == AF_INET)
		return set(fd, IPPROTO_IP, option4, value);
	if (family == AF_INET6)
		return set(fd, IPPROTO_IPV6, option6, value);
	errno = EOPNOTSUPP;
	return -1;
}

/* To one host, and to a group, which only datagrams go to. */
static int
set_ttl(int fd, const struct transport *transport, int family, int ttl)
{
	if (socket_set_ip(fd, family, IP_TTL, IPV6_UNICAST_HOPS, ttl) == -1)
		return -1;
	if (transport->type != SOCK_DGRAM)
		return 0;
	return socket_set_ip(
	    fd, family, IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS, ttl);
}

static int
set_interface(int fd, const char *name)
{
	return setsockopt(
	    fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name) + 1);
}

/*
 * A datagram that finds the buffer full is lost, so it is larger than the
 * default: what a privileged process may ask for, or else up to rmem_max.
 */
static void
set_datagram_buffer(int fd)
{
	if (set(fd, SOL_SOCKET, SO_RCVBUFFORCE, DATAGRAM_BUFFER) == -1)
		set(fd, SOL_SOCKET, SO_RCVBUF, DATAGRAM_BUFFER);
}

/* Returns the option that the system refuses, or NULL. */
static const char *
apply_options(int fd, const struct transport *transport, int family,
    const struct socket_options *o)
{
	if (o->receive_buffer == 0 && transport->type == SOCK_DGRAM &&
	    transport->domain == TRANSPORT_INET)
		set_datagram_buffer(fd);
	if (o->receive_buffer != 0 &&
	    set(fd, SOL_SOCKET, SO_RCVBUF, o->receive_buffer) == -1)
		return "--recv-buffer";
	if (o->send_buffer != 0 &&
	    set(fd, SOL_SOCKET, SO_SNDBUF, o->send_buffer) == -1)
		return "--send-buffer";
	if (o->ttl != 0 && set_ttl(fd, transport, family, o->ttl) == -1)
		return "--ttl";
	/* For TCP the kernel drops packets; for datagrams we read the TTL. */
	if (o->min_ttl != 0 &&
	    socket_set_ip(
		fd, family, IP_MINTTL, IPV6_MINHOPCOUNT, o->min_ttl) == -1)
		return "--min-ttl";
	if (o->tos >= 0 &&
	    socket_set_ip(fd, family, IP_TOS, IPV6_TCLASS, o->tos) == -1)
		return "--tos";
	if (o->broadcast && set(fd, SOL_SOCKET, SO_BROADCAST, 1) == -1)
		return "--broadcast";
	if (o->debug && set(fd, SOL_SOCKET, SO_DEBUG, 1) == -1)
		return "--debug-socket";
	if (o->interface != NULL && set_interface(fd, o->interface) == -1)
		return "--interface";
	return NULL;
}

/*
 * The first probe after the time of silence, three of them within the same
 * time again.  While bytes are on their way the kernel sends them again and
 * does not probe; the pauses between grow to two minutes unless bounded.
 */
static void
set_keepalive(int fd, int64_t milliseconds)
{
	const int64_t idle = (milliseconds + 999) / 1000;
	const int64_t every = (milliseconds / KEEPALIVE_PROBES + 999) / 1000;

	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, (int)idle);
	set(fd, IPPROTO_TCP, TCP_KEEPINTVL, (int)every);
	set(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
	set(fd, IPPROTO_TCP, TCP_RTO_MAX_MS, RETRANSMIT_MS);
}

/* Best effort: a transport that lacks an option does without. */
void
socket_prepare_stream(int fd, const struct transport *transport,
    const struct socket_options *options)
{
	if (transport->domain != TRANSPORT_INET ||
	    transport->type != SOCK_STREAM)
		return;
	/* Send each write at once: no more may come for a while. */
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set(fd, SOL_SOCKET, SO_OOBINLINE, 1);
	if (options->keepalive > 0)
		set_keepalive(fd, options->keepalive);
}

int
socket_open(const struct transport *transport, int family,
    const struct socket_options *options, const char **what)
{
	int type = transport->type | SOCK_NONBLOCK | SOCK_CLOEXEC;
	int fd = socket(family, type, transport->protocol);

	*what = "socket";
	if (fd == -1)
		return -1;
	/* Each family has a socket of its own, so that both can be bound. */
	if (family == AF_INET6)
		set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	*what = apply_options(fd, transport, family, options);
	if (*what != NULL) {
		int saved = errno;

		close(fd);
		errno = saved;
		return -1;
	}
	socket_prepare_stream(fd, transport, options);
	return fd;
}

int
socket_bind(
    int fd, const struct transport *transport, const struct address *address)
{
	/*
	 * For TCP the option lets a restarted listener bind despite TIME_WAIT.
	 * For UDP it would let two listeners share a port, which is right only
	 * for a multicast group: each of them gets every datagram.
	 */
	if (transport->domain == TRANSPORT_INET &&
	    (transport->type == SOCK_STREAM || address_is_multicast(address)))
		set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	return bind(fd, address_sockaddr(address), address->length);
}

int
socket_bind_source(
    int fd, const struct transport *transport, const struct address *address)
{
	if (address_port(address) == 0)
		set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
	return socket_bind(fd, transport, address);
}

int
socket_join(int fd, const struct address *group, const char *interface)
{
	struct group_req request = {
		.gr_interface = interface ? if_nametoindex(interface) : 0,
	};
	bool is_ip4 = address_family(group) == AF_INET;

	if (interface == NULL)
		request.gr_interface = address_scope(group);
	memcpy(&request.gr_group, address_sockaddr(group), group->length);
	return setsockopt(fd, is_ip4 ? IPPROTO_IP : IPPROTO_IPV6,
	    MCAST_JOIN_GROUP, &request, sizeof(request));
}

int
socket_bind_random(
    int fd, const struct transport *transport, struct address *address)
{
	for (int i = 0; i < RANDOM_PORTS; i++) {
		uint32_t port = 1024 + arc4random_uniform(65536 - 1024);

		address_set_port(address, (uint16_t)port);
		if (socket_bind(fd, transport, address) == 0)
			return 0;
		if (errno != EADDRINUSE)
			return -1;
	}
	return -1;
}

void
socket_local(int fd, struct address *a)
{
	socklen_t length = sizeof(a->storage);

	memset(a, 0, sizeof(*a));
	if (getsockname(fd, (struct sockaddr *)&a->storage, &length) == 0)
		a->length = length;
}

void
socket_remote(int fd, struct address *a)
{
	socklen_t length = sizeof(a->storage);

	memset(a, 0, sizeof(*a));
	if (getpeername(fd, (struct sockaddr *)&a->storage, &length) == 0)
		a->length = length;
}

bool
socket_is_own_peer(int fd, const struct address *target)
{
	struct address local, remote;

	if (!address_has_port(target))
		return false;
	socket_local(fd, &local);
	if (address_port(&local) != address_port(target))
		return false;
	socket_remote(fd, &remote);
	return address_equal(&local, &remote);
}

int
socket_shut(int fd)
{
	return shutdown(fd, SHUT_WR) == -1 && errno != ENOTCONN ? -1 : 0;
}

void
socket_reset_on_close(int fd)
{
	struct linger linger = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

int
socket_ask(int fd, int option)
{
	int value = -1;
	socklen_t length = sizeof(value);

	if (getsockopt(fd, SOL_SOCKET, option, &value, &length) == -1)
		return -1;
	return value;
}

const struct transport *
socket_transport(int fd)
{
	return transport_by_socket(socket_ask(fd, SO_DOMAIN),
	    socket_ask(fd, SO_TYPE), socket_ask(fd, SO_PROTOCOL));
}

int
socket_receive_buffer(int fd)
{
	int size = 0;
	socklen_t length = sizeof(size);

	getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &length);
	return size;
}

uint32_t
socket_dropped(int fd)
{
	enum { DROPPED = 8, NUMBERS }; /* linux/sock_diag.h */
	uint32_t numbers[NUMBERS] = { 0 };
	socklen_t length = sizeof(numbers);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, numbers, &length) == -1)
		return 0;
	return numbers[DROPPED];
}

int
socket_error(int fd)
{
	int error = 0;
	socklen_t length = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == -1)
		return errno;
	return error;
}
