/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The bound sockets of a listener, one for each address.
 */
#ifndef SOCKCAT_LISTEN_LISTEN_SOCKETS_H
#define SOCKCAT_LISTEN_LISTEN_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/unixpath.h"

struct address_list;
struct inherited;
struct listen_options;
struct transport;

struct listen_socket {
	int fd;
	int slot; /* of the turn's poll set */
	const struct transport *transport;
	struct unixpath path; /* all zero if inherited */
};

/* All zero: none. */
struct listen_sockets {
	struct listen_socket *items;
	size_t count;
	int64_t ask_at;    /* when to call listen_sockets_open() again */
	int64_t ask_until; /* when it gives up; 0: it was not called yet */
};

enum { LISTEN_SOCKETS_LATER = 1 };

/*
 * Sorts the addresses, binds each, and listens.  All get one port, also where
 * the system chooses it.  Returns 0; or -1 after it reported why, and nothing
 * is bound; or LISTEN_SOCKETS_LATER if another program is about to bind the
 * same path: it is to be called again at ask_at.
 */
int listen_sockets_open(struct listen_sockets *, const struct listen_options *,
    struct address_list *);

/*
 * Takes over sockets that are bound, and listen, already.  Options about
 * binding do not count.  Returns 0, or -1 after it reported why, and they are
 * closed.
 */
int listen_sockets_inherit(struct listen_sockets *,
    const struct listen_options *, const struct inherited *);

/* Says where they listen, once clients can be served. */
void listen_sockets_report(
    const struct listen_sockets *, const struct listen_options *);

/* Closes the sockets and removes their paths. */
void listen_sockets_close(struct listen_sockets *);

/* The same, but leaves datagram sockets open, for answers. */
void listen_sockets_close_listening(struct listen_sockets *);

#endif
