/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Socket addresses of every family: made, compared and printed here only.
 */
#ifndef SOCKCAT_NET_ADDRESS_H
#define SOCKCAT_NET_ADDRESS_H

#include <sys/socket.h>
#include <sys/un.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "observe/fields.h"

struct address {
	struct sockaddr_storage storage;
	socklen_t length; /* 0: no address */
};

struct address_list {
	struct address *items;
	size_t count;
};

/*
 * Long enough for any address in words, with its end: each byte of a path
 * may take four.
 */
#define ADDRESS_TEXT 480

/* The most bytes of a path, and of an abstract name behind its '@'. */
enum { ADDRESS_UNIX_MAX = sizeof(((struct sockaddr_un *)0)->sun_path) - 1 };

/* Long enough for the path of a unix socket, with its end. */
#define ADDRESS_PATH 112

/* Copies a system's address; one that is longer than it can be is cut. */
void address_set(struct address *, const struct sockaddr *, socklen_t);

/*
 * A path, or with a leading '@' a name in the abstract namespace (unix(7)).
 * Returns 0, or -1 with errno: ENAMETOOLONG, or ENOENT for none.
 */
int address_set_unix(struct address *, const char *path);

/* The wildcard address of AF_INET or AF_INET6, port 0. */
void address_set_any(struct address *, int family);

/*
 * Replaces the host by one in digits of the same family, as inet_pton(3)
 * reads it.  Returns whether it is one.
 */
bool address_set_host(struct address *, const char *host);

int address_family(const struct address *);
const struct sockaddr *address_sockaddr(const struct address *);

/* The port, 0 where there is none; setting leaves other families alone. */
uint16_t address_port(const struct address *);
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

/* Whether the family has ports that address_port() knows. */
bool address_has_port(const struct address *);

/* An order, for trees: negative, 0 if they are equal, or positive. */
int address_compare(const struct address *, const struct address *);
bool address_equal(const struct address *, const struct address *);
bool address_is_multicast(const struct address *);
bool address_is_any(const struct address *);

/*
 * The path of a unix socket, byte by byte.  Returns false if it is bound to
 * none, or to an abstract name.
 */
bool address_path(const struct address *, char path[ADDRESS_PATH]);

/*
 * The path, or the abstract name with an '@' for each of its NULs, byte by
 * byte: not for a line.  Returns false if there is neither.
 */
bool address_name(const struct address *, char name[ADDRESS_PATH]);

/*
 * The numeric host, the path, or the abstract name with its '@'.  What is
 * not printable in a name is escaped: it is for people, and no path.
 */
void address_host(const struct address *, char *text, size_t size);

/* What an event says of it. */
struct event_end address_end(const struct address *);

/* "127.0.0.1 port 9000", or as address_host() where there is no port. */
void address_words(const struct address *, char *text, size_t size);

/* "127.0.0.1 9000", or as address_host() where there is no port. */
void address_line(const struct address *, char *text, size_t size);

/* strerror(3), or what errno says of an address in particular. */
const char *address_error(const struct address *, int error);

/* Appends a copy.  Returns 0, or -1 with errno. */
int address_list_add(struct address_list *, const struct address *);

/* First come first, but the families take turns: RFC 8305 section 4. */
void address_list_alternate(struct address_list *);

void address_list_clear(struct address_list *);

#endif
