/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Socket addresses of every family: made and compared.  As text they are for
 * net/address_text.
 */
#ifndef SOCKCAT_NET_ADDRESS_H
#define SOCKCAT_NET_ADDRESS_H

#include <sys/socket.h>
#include <sys/un.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address {
	struct sockaddr_storage storage;
	socklen_t length; /* 0: no address */
};

/* The most bytes of a path, and of an abstract name behind its '@'. */
enum { ADDRESS_UNIX_MAX = sizeof(((struct sockaddr_un *)0)->sun_path) - 1 };

/* Copies a system's address; one that is longer than it can be is cut. */
void address_set(struct address *, const struct sockaddr *, socklen_t);

/*
 * A path, or with a leading '@' a name in the abstract namespace (unix(7)).
 * Returns 0, or -1 with errno: ENAMETOOLONG, or ENOENT for none.
 */
int address_set_unix(struct address *, const char *path);

/*
 * A context id in digits (NULL: any) and a port (0: the system chooses), as
 * vsock(7) has them.  Returns 0, or -1 with errno.
 */
int address_set_vsock(struct address *, const char *cid, const char *port);

/* The wildcard address of AF_INET or AF_INET6, port 0. */
void address_set_any(struct address *, int family);

/*
 * Replaces the host by one in digits of the same family, as inet_pton(3)
 * reads it.  Returns whether it is one.
 */
bool address_set_host(struct address *, const char *host);

int address_family(const struct address *);
const struct sockaddr *address_sockaddr(const struct address *);

/* The port, 0 where there is none; it is set in internet addresses alone. */
uint32_t address_port(const struct address *);
void address_set_port(struct address *, uint16_t port);

/*
 * The 16 bytes of an internet address, which for IPv4 is ::ffff:a.b.c.d
 * (RFC 4291 section 2.5.5.2).  Returns false for other families.
 */
bool address_bytes(const struct address *, uint8_t bytes[16]);

/* Makes the IPv4 address of an IPv4-mapped one; leaves others alone. */
void address_unmap(struct address *);

/* The interface of a link-local address ("%eth0"), 0 where there is none. */
unsigned int address_scope(const struct address *);

/* Whether it stands for another host on each interface, and names none. */
bool address_lacks_scope(const struct address *);

/* Whether its family has ports. */
bool address_has_port(const struct address *);

/* An order, for trees: negative, 0 if they are equal, or positive. */
int address_compare(const struct address *, const struct address *);
bool address_equal(const struct address *, const struct address *);
bool address_is_multicast(const struct address *);
bool address_is_any(const struct address *);

#endif
