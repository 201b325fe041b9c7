/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Sockets that somebody else made: systemd's, as sd_listen_fds(3) has it,
 * and inetd(8)'s on descriptor 0.
 */
#ifndef SOCKCAT_LISTEN_INHERIT_H
#define SOCKCAT_LISTEN_INHERIT_H

#include <stdbool.h>
#include <stddef.h>

struct transport;

/* One that neither listens nor is connected is bound, for datagrams. */
struct inherited_socket {
	int fd;
	const struct transport *transport;
	bool is_listening;
	bool is_connected; /* to one client, who has been accepted already */
};

/* All zero: none. */
struct inherited {
	struct inherited_socket *items;
	size_t count;
};

/* Whether LISTEN_PID and LISTEN_FDS offer this process any socket. */
bool inherit_is_offered(void);

/* The process that they are for, as LISTEN_PID names it; NULL: they are
 * ours, or there are none. */
const char *inherit_other_process(void);

/*
 * Takes the sockets that LISTEN_FDS counts if LISTEN_PID is this process,
 * and unsets the variables in any case.  Call it before anything that could
 * open a descriptor for good.  Returns how many they are, or -1 after it
 * reported why they cannot be served.
 */
int inherit_systemd(struct inherited *);

/*
 * Moves the socket on descriptor 0 to a descriptor of its own and leaves
 * /dev/null on 0 and 1; on 2, too, if that was the same socket.  Returns 1,
 * or -1 after it reported why.
 */
int inherit_inetd(struct inherited *);

/* The only socket if it is one client's, or NULL. */
const struct inherited_socket *inherit_client(const struct inherited *);

/* Frees the list.  The descriptors are the listener's, or stay open. */
void inherit_clear(struct inherited *);

#endif
