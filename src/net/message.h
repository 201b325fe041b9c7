/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * recvmsg(2) and sendmsg(2) for servers with many addresses: an answer leaves
 * from the address that was asked (IP_PKTINFO, ip(7); IPV6_PKTINFO, RFC 3542
 * section 6).
 */
#ifndef SOCKCAT_NET_MESSAGE_H
#define SOCKCAT_NET_MESSAGE_H

#include <sys/socket.h>
#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>

#include "net/address.h"

/* Bytes that hold a UDP datagram, or several that UDP_GRO made one. */
#define UDP_MESSAGE_MAX (64 * 1024)

/* Enough bytes for most messages.  Some are larger: see message_size(). */
#define DATAGRAM_MESSAGE_MAX (256 * 1024)

/* What the system says about a datagram. */
struct datagram_source {
	struct address peer;
	struct address local; /* that it was sent to; length 0: unknown */
	int ttl;              /* 0: unknown */
	int segment;          /* of UDP_GRO: the size of each; 0: just one */
};

/* Where datagrams go, and from which address of ours. */
struct datagram_route {
	struct address peer;
	struct address local; /* length 0: the system's choice */
};

/* The way back: to where a datagram came from, from where it was sent to. */
struct datagram_route datagram_route_back(const struct datagram_source *);

/* All that the kernel says about one message, or is told. */
union message_control {
	struct cmsghdr align;
	char bytes[256];
};

/* Asks the system to deliver the TTL with each datagram. */
void message_enable_ttl(int fd, int family);

/* As message_enable_ttl, for the local address. */
void message_enable_local(int fd, int family);

/* Reads the control messages that recvmsg(2) returned. */
void message_read_control(struct msghdr *, struct datagram_source *);

/*
 * Adds a control message that makes the datagram leave from a local address,
 * unless that is a multicast or broadcast address.
 */
void message_set_local(
    struct msghdr *, union message_control *, const struct address *);

/*
 * As recvmsg(2), but never waits, and fails with EMSGSIZE if the message did
 * not fit, unless it only peeks (MSG_PEEK).  Sets *has_control if control
 * messages came with it.  On a unix(7) socket they are refused, since a peer
 * could make us keep descriptors (SCM_RIGHTS), and *has_control is true only if
 * credentials were asked for.
 */
ssize_t message_receive(int fd, void *, size_t, int flags, bool is_unix,
    struct datagram_source *, bool *has_control);

/*
 * At least the bytes of the next message, which stays where it is; 0 may also
 * be the end.  Returns -1 with errno, EAGAIN if there is none.  Not for UDP:
 * what UDP_GRO has made of several datagrams has the size of one.
 */
ssize_t message_size(int fd);

/*
 * As sendmsg(2), but never waits.  NULL: to the peer that the socket is
 * connected to.  The send buffer of a unix socket, which bounds the size of a
 * message, grows as far as the system lets it.
 */
ssize_t message_send(
    int fd, const void *, size_t, const struct datagram_route *);

#endif
