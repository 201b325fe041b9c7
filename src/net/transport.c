/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The table of transports.  A new one is a row here; see HACKING.md.
 */
#include "net/transport.h"

#include <sys/socket.h>

#include <netinet/in.h>

#include <string.h>

#include "net/address.h"
#include "net/missing.h"

static const struct transport transports[] = {
	{ "tcp", TRANSPORT_INET, SOCK_STREAM, IPPROTO_TCP },
	{ "udp", TRANSPORT_INET, SOCK_DGRAM, IPPROTO_UDP },
	{ "mptcp", TRANSPORT_INET, SOCK_STREAM, IPPROTO_MPTCP },
	{ "sctp", TRANSPORT_INET, SOCK_STREAM, IPPROTO_SCTP },
	{ "udplite", TRANSPORT_INET, SOCK_DGRAM, IPPROTO_UDPLITE },
	{ "unix", TRANSPORT_UNIX, SOCK_STREAM, 0 },
	{ "unix datagram", TRANSPORT_UNIX, SOCK_DGRAM, 0 },
	{ "unix seqpacket", TRANSPORT_UNIX, SOCK_SEQPACKET, 0 },
	{ "vsock", TRANSPORT_VSOCK, SOCK_STREAM, 0 },
	{ "vsock datagram", TRANSPORT_VSOCK, SOCK_DGRAM, 0 },
	{ "vsock seqpacket", TRANSPORT_VSOCK, SOCK_SEQPACKET, 0 },
};

#define TRANSPORTS (sizeof(transports) / sizeof(transports[0]))

const struct transport *
transport_by_name(const char *name)
{
	for (size_t i = 0; i < TRANSPORTS; i++)
		if (transports[i].domain == TRANSPORT_INET &&
		    strcmp(transports[i].name, name) == 0)
			return &transports[i];
	return NULL;
}

const struct transport *
transport_by_type(enum transport_domain domain, int type)
{
	for (size_t i = 0; i < TRANSPORTS; i++)
		if (transports[i].domain == domain &&
		    transports[i].type == type)
			return &transports[i];
	return NULL;
}

static bool
is_domain_of(enum transport_domain domain, int family)
{
	switch (domain) {
	case TRANSPORT_INET:
		return family == AF_INET || family == AF_INET6;
	case TRANSPORT_UNIX:
		return family == AF_UNIX;
	case TRANSPORT_VSOCK:
		return family == AF_VSOCK;
	}
	return false;
}

const struct transport *
transport_by_socket(int family, int type, int protocol)
{
	for (size_t i = 0; i < TRANSPORTS; i++) {
		const struct transport *t = &transports[i];

		/* A row without a protocol matches by its type alone. */
		if (is_domain_of(t->domain, family) && t->type == type &&
		    (t->protocol == 0 || t->protocol == protocol))
			return t;
	}
	return NULL;
}

int
transport_address(const struct transport *t, const char *host, const char *port,
    struct address *address)
{
	if (t->domain == TRANSPORT_UNIX)
		return address_set_unix(address, host);
	return address_set_vsock(address, host, port);
}

bool
transport_is_connectionless(const struct transport *t)
{
	return t->type == SOCK_DGRAM;
}

bool
transport_keeps_messages(const struct transport *t)
{
	return t->type != SOCK_STREAM;
}
