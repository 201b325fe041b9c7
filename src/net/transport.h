/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* The kinds of sockets, one row each. */
#ifndef SOCKCAT_NET_TRANSPORT_H
#define SOCKCAT_NET_TRANSPORT_H

#include <stdbool.h>

struct address;

/* What the addresses of a transport are. */
enum transport_domain {
	TRANSPORT_INET,  /* AF_INET and AF_INET6 */
	TRANSPORT_UNIX,  /* a path or an abstract name */
	TRANSPORT_VSOCK, /* a context id and a port */
};

struct transport {
	const char *name; /* in --protocol and in what is printed */
	enum transport_domain domain;
	int type;     /* SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET */
	int protocol; /* for socket(2) */
};

/* The transport of a --protocol name, or NULL. */
const struct transport *transport_by_name(const char *name);

/* The first transport of a domain with that socket type, or NULL. */
const struct transport *transport_by_type(enum transport_domain, int type);

/*
 * The transport of a socket, by its SO_DOMAIN, SO_TYPE and SO_PROTOCOL, or
 * NULL.
 */
const struct transport *transport_by_socket(int family, int type, int protocol);

/*
 * The address of a transport whose hosts need no resolving: a path, or a
 * context id and a port (NULL: any).  Returns 0, or -1 with errno.
 */
int transport_address(const struct transport *, const char *host,
    const char *port, struct address *);

/* True where there is no connection: no accept(2), no end of file. */
bool transport_is_connectionless(const struct transport *);

/* True where each read returns one message. */
bool transport_keeps_messages(const struct transport *);

#endif
