/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The bound sockets of a listener.
 */
#ifndef SOCKCAT_NET_BOUND_H
#define SOCKCAT_NET_BOUND_H

#include <stddef.h>

#include "net/unixpath.h"

struct address_list;
struct listen_options;

struct bound {
	int fd;
	int slot; /* of the turn's poll set */
	struct unixpath path;
};

/* All zero: none. */
struct bound_list {
	struct bound *items;
	size_t count;
};

/*
 * Binds every address, which it sorts, and listens; says so with -v.  All
 * of them get one port, also where the system chooses it.  Returns 0, or -1
 * after it reported why, and nothing is bound.
 */
int bound_open(
    struct bound_list *, const struct listen_options *, struct address_list *);

/* Closes the sockets and removes their paths. */
void bound_close(struct bound_list *);

#endif
