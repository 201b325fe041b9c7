/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The bound sockets of a listener.
 */
#ifndef SOCKCAT_LISTEN_BOUND_H
#define SOCKCAT_LISTEN_BOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/unixpath.h"

struct address_list;
struct inherited;
struct listen_options;
struct transport;

struct bound {
	int fd;
	int slot; /* of the turn's poll set */
	const struct transport *transport;
	struct unixpath path; /* all zero if inherited */
};

/* All zero: none. */
struct bound_list {
	struct bound *items;
	size_t count;
	int64_t ask_at; /* when to call bound_open() again, loop_now() */
	int64_t ask_until;
};

enum { BOUND_LATER = 1 };

/*
 * Binds every address, which it sorts, and listens; says so with -v.  All
 * of them get one port, also where the system chooses it.  Returns 0, or -1
 * after it reported why, and nothing is bound; BOUND_LATER if
 * somebody else is about to bind the same path, and it is to be asked again.
 */
int bound_open(
    struct bound_list *, const struct listen_options *, struct address_list *);

/*
 * Takes over sockets that are bound already, and listen; says so with -v.
 * Of the options, only those count that are not about binding.  Returns 0,
 * or -1 after it reported why, and they are closed.
 */
int bound_inherit(struct bound_list *, const struct listen_options *,
    const struct inherited *);

/* Closes the sockets and removes their paths. */
void bound_close(struct bound_list *);

/* The same, but for datagram sockets, over which answers still leave. */
void bound_close_listening(struct bound_list *);

#endif
