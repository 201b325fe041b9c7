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

/* One or more datagrams, each source.segment bytes long but the last. */
struct batch_item {
	struct datagram_source source;
	size_t length; /* in bytes, of all */
	bool is_cut;   /* the end did not fit */
};

enum { BATCH_MAX = 64 };

/* Turns UDP_GRO on: datagrams of one size may arrive as one item. */
void batch_enable(int fd);

/* Whether the system knows how to send them so, UDP_SEGMENT. */
bool batch_has_gso(int fd);

/*
 * For AF_INET and AF_INET6.  Receives at most count items, each into size
 * bytes of its own.  Returns how many, or -1 with errno, as recvmsg(2).
 * Never waits.
 */
int batch_receive(
    int fd, uint8_t *space, size_t size, int count, struct batch_item *);

/*
 * Sends count datagrams that lie one behind the other (NULL: to the peer that
 * the socket is connected to).  Clears *use_gso when the system or the path
 * refuses several in one message.  Returns how many were sent, or -1 with
 * errno, as sendmsg(2): then the first was not.
 */
int batch_send(int fd, const uint8_t *bytes, const uint32_t *lengths,
    size_t count, const struct datagram_route *, bool *use_gso);

#endif
