/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Sockets with their options, before they are bound or connected.
 */
#ifndef SOCKCAT_NET_SOCKET_H
#define SOCKCAT_NET_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address;
struct transport;

struct socket_options {
	int receive_buffer;    /* -I: bytes; 0: the system's choice */
	int send_buffer;       /* -O: bytes; 0: the system's choice */
	int ttl;               /* -M: hops; 0: the system's choice */
	int min_ttl;           /* -m: hops; 0: any */
	int tos;               /* -T: the octet; -1: the system's choice */
	bool broadcast;        /* -b */
	bool debug;            /* -D */
	const char *interface; /* --interface */
	bool one_by_one;       /* datagrams, never in batches */
	int64_t keepalive;     /* --keepalive: ms of silence; 0: no probes */
};

/*
 * Options of every TCP socket: no delay for small writes, urgent data inline,
 * keepalive probes, tcp(7).  Accepted sockets inherit them.
 */
void socket_prepare_stream(
    int fd, const struct transport *, const struct socket_options *);

/*
 * Opens a non-blocking, close-on-exec socket of an address family.  Returns
 * the descriptor, or -1 with errno and in *what the call or the option that
 * failed.
 */
int socket_open(const struct transport *, int family,
    const struct socket_options *, const char **what);

/* Binds with SO_REUSEADDR, never SO_REUSEPORT.  Returns 0, or -1. */
int socket_bind(int fd, const struct transport *, const struct address *);

/*
 * The same for a socket that will be connected.  If no port is given,
 * connect(2) chooses it, so that connections to several peers can share one.
 */
int socket_bind_source(
    int fd, const struct transport *, const struct address *);

/* Joins a multicast group, on one interface (NULL: the system's choice). */
int socket_join(int fd, const struct address *group, const char *interface);

/* Binds to a random unprivileged port, which it sets in the address. */
int socket_bind_random(int fd, const struct transport *, struct address *);

/* The address that fd is bound or connected to; length 0 if it is not. */
void socket_local(int fd, struct address *);
void socket_remote(int fd, struct address *);

/*
 * Whether connect(2) to a target has connected a socket to itself: its own port
 * is the target's, and nothing listens there.
 */
bool socket_is_own_peer(int fd, const struct address *target);

/*
 * Ends the writing side, shutdown(2).  Returns 0, or -1 with errno; a
 * connection that was reset is shut already.
 */
int socket_shut(int fd);

/* Makes close(2) reset a connection, so that its port is free at once. */
void socket_reset_on_close(int fd);

/*
 * setsockopt(2) with an option that IPv4 and IPv6 each have under a number of
 * their own.  Returns 0, or -1 with errno: EOPNOTSUPP in other families.
 */
int socket_set_ip(int fd, int family, int option4, int option6, int value);

/* The transport of an inherited socket, or NULL. */
const struct transport *socket_transport(int fd);

/* getsockopt(2) of a number at SOL_SOCKET; -1 if there is none. */
int socket_ask(int fd, int option);

/* Bytes of datagrams and their bookkeeping that can wait to be read. */
int socket_receive_buffer(int fd);

/* Datagrams that found the receive buffer full so far; 0: unknown. */
uint32_t socket_dropped(int fd);

/* The pending error of a socket, SO_ERROR, which this call clears. */
int socket_error(int fd);

#endif
