/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "net/mtu.h"

#include <sys/socket.h>

#include <netinet/in.h>

#include <unistd.h>

#include "net/address.h"
#include "net/missing.h"
#include "net/transport.h"

/* The most that UDP over IPv4 can carry: 65535 less both headers. */
#define DATAGRAM_MAX    65507
#define IP4_UDP_HEADERS 28
#define IP6_UDP_HEADERS 48

/* The path MTU that the system knows for a peer, 0 if it knows none. */
static int
path_mtu(const struct transport *transport, const struct address *peer)
{
	int family = address_family(peer), mtu = 0;
	socklen_t length = sizeof(mtu);
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, transport->protocol);

	if (fd == -1)
		return 0;
	if (connect(fd, address_sockaddr(peer), peer->length) == -1 ||
	    getsockopt(fd, family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6,
		family == AF_INET ? IP_MTU : IPV6_MTU, &mtu, &length) == -1)
		mtu = 0;
	close(fd);
	return mtu;
}

size_t
mtu_datagram_size(const struct transport *transport, const struct address *peer)
{
	int family = address_family(peer);
	int headers = family == AF_INET ? IP4_UDP_HEADERS : IP6_UDP_HEADERS;
	int size;

	if (transport->domain != TRANSPORT_INET)
		return DATAGRAM_MAX;
	size = path_mtu(transport, peer) - headers;
	if (size <= 0) /* every IPv6 path, and most others, carry that */
		size = 1280 - headers;
	return size < DATAGRAM_MAX ? (size_t)size : DATAGRAM_MAX;
}
