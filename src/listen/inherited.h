/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Sockets that a supervisor made: systemd, as sd_listen_fds(3) has it, or
 * inetd(8), on descriptor 0.
 */
#ifndef SOCKCAT_LISTEN_INHERITED_H
#define SOCKCAT_LISTEN_INHERITED_H

#include <stdbool.h>
#include <stddef.h>

struct transport;

/* One that neither listens nor is connected is bound, for datagrams. */
struct inherited_socket {
	int fd;
	const struct transport *transport;
	bool is_listening;
	bool is_connected; /* to one client, accepted already */
};

/* All zero: none. */
struct inherited {
	struct inherited_socket *items;
	size_t count;
};

/* Whether LISTEN_PID and LISTEN_FDS offer this process any socket. */
bool inherited_is_offered(void);

/*
 * The process that they are for, as LISTEN_PID names it; NULL if that is us,
 * or there are none.
 */
const char *inherited_other_process(void);

/*
 * Takes the sockets that LISTEN_FDS counts if LISTEN_PID is this process,
 * and unsets the variables in any case.  Call it before anything that could
 * open a descriptor for good.  Returns their number, or -1 after it
 * reported why they cannot be served.
 */
int inherited_from_systemd(struct inherited *);

/*
 * Moves the socket on descriptor 0 to a descriptor of its own and leaves
 * /dev/null on 0 and 1; on 2, too, if that was the same socket.  Returns 1,
 * or -1 after it reported why.
 */
int inherited_from_inetd(struct inherited *);

/* The only socket if it is connected, or NULL. */
const struct inherited_socket *inherited_client(const struct inherited *);

/* Frees the list, and closes no socket. */
void inherited_clear(struct inherited *);

#endif
