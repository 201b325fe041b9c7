/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The bound sockets of a listener.
 */
#ifndef SOCKCAT_LISTEN_SOCKETS_H
#define SOCKCAT_LISTEN_SOCKETS_H

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
	int64_t
	    ask_at; /* when to call listen_sockets_open() again, loop_now() */
	int64_t ask_until;
};

enum { LISTEN_SOCKETS_LATER = 1 };

/*
 * Binds every address, which it sorts, and listens; says so with -v.  All
 * of them get one port, also where the system chooses it.  Returns 0, or -1
 * after it reported why, and nothing is bound; LISTEN_SOCKETS_LATER if
 * somebody else is about to bind the same path, and it is to be asked again.
 */
int listen_sockets_open(struct listen_sockets *, const struct listen_options *,
    struct address_list *);

/*
 * Takes over sockets that are bound already, and listen; says so with -v.
 * Of the options, only those count that are not about binding.  Returns 0,
 * or -1 after it reported why, and they are closed.
 */
int listen_sockets_inherit(struct listen_sockets *,
    const struct listen_options *, const struct inherited *);

/* Closes the sockets and removes their paths. */
void listen_sockets_close(struct listen_sockets *);

/* The same, but for datagram sockets, over which answers still leave. */
void listen_sockets_close_listening(struct listen_sockets *);

#endif
