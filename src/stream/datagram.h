/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Streams of messages: a connected socket that keeps boundaries (UDP, unix
 * datagram, seqpacket), or the one peer of a bound datagram socket.
 */
#ifndef SOCKCAT_STREAM_DATAGRAM_H
#define SOCKCAT_STREAM_DATAGRAM_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>

#include "net/message.h"

struct reconnect;
struct socket_options;
struct stream;
struct transport;
struct unixpath;

struct datagram_options {
	const struct transport *transport;
	bool one_by_one; /* no batches */
	int min_ttl;     /* drop what comes with less; 0: nothing */
};

struct datagram_options datagram_options_from(
    const struct transport *, const struct socket_options *);

/*
 * Asks the system to deliver the local address and TTL with each datagram
 * of a bound socket, and errors about those that were sent.
 */
void datagram_prepare(int fd, int family, const struct datagram_options *);

/* recvmsg(2), with the result as it is; flags may be MSG_PEEK. */
ssize_t datagram_receive(int fd, void *, size_t, int flags,
    const struct datagram_options *, struct datagram_source *);

/*
 * As stream_write_code(), of a socket that is not connected to its peer:
 * poll(2) cannot wait for the queue of a unix peer.
 */
ssize_t datagram_write_code(ssize_t result, const struct transport *);

/* Whether it came from further away than allowed, which is then logged. */
bool datagram_is_too_far(
    const struct datagram_options *, const struct datagram_source *);

/*
 * A stream over a connected socket, which it takes over together with the
 * path that the socket is bound to (NULL: none).  Returns NULL with errno,
 * and both released.
 */
struct stream *datagram_connected(int fd, const struct datagram_options *,
    const struct address *peer, struct unixpath *bound);

/*
 * Gives a connected UDP stream, which takes it over, other ways to its peer;
 * NULL if there are none.
 */
void datagram_set_reconnect(struct stream *, struct reconnect *);

/*
 * A stream to and from the first peer of a bound socket.  It takes over the
 * socket and its path unless it returns NULL with errno.
 */
struct stream *datagram_first(int fd, const struct datagram_options *,
    const struct datagram_source *first, struct unixpath *bound);

#endif
