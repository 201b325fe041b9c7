/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Many UDP datagrams in one call: recvmmsg(2) and sendmmsg(2), and within
 * each of their messages a run of datagrams of one size, UDP_GRO and
 * UDP_SEGMENT in udp(7).  Elsewhere batch_stub.c stands in, which moves one
 * datagram at a time.
 */
#ifndef SOCKCAT_NET_BATCH_H
#define SOCKCAT_NET_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/message.h"

/* Datagrams that arrived joined: each source.segment long but the last. */
struct batch_item {
	struct datagram_source source;
	size_t length; /* in bytes, of all */
	bool is_cut;   /* there was no room for more */
};

enum { BATCH_MAX = 64 };

/* Lets datagrams of one size arrive joined. */
void batch_enable(int fd);

/* Whether the system knows how to send them so. */
bool batch_has_gso(int fd);

/*
 * For AF_INET and AF_INET6.  Receives at most count items, each into its own
 * size bytes of room. Returns how many, or -1 with errno, as recvmsg(2).  Never
 * waits.
 */
int batch_receive(
    int fd, uint8_t *space, size_t size, int count, struct batch_item *);

/*
 * Sends count datagrams that lie one behind the other, to a peer (NULL: the
 * one that the socket is connected to).  Clears *use_gso when the system or
 * the path refuses to have them joined.  Returns how many were sent, or -1
 * with errno, as sendmsg(2): then the first was not.
 */
int batch_send(int fd, const uint8_t *bytes, const uint32_t *lengths,
    size_t count, const struct datagram_source *peer, bool *use_gso);

#endif
