/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What the packet strategy is made of, for the files that share it: packet.c
 * writes messages, packet_read.c reads them, packet_cut.c makes them of bytes.
 */
#ifndef SOCKCAT_RELAY_PACKET_IMPL_H
#define SOCKCAT_RELAY_PACKET_IMPL_H

#include "relay/flow.h"
#include "relay/strategy.h"
#include "stream/stream.h"

/* What a stream of bytes is read by, and the largest message cut from it. */
enum { PACKET_READ = 64 * 1024 };

struct packet {
	struct messages messages; /* of the bytes in the flow's buffer */
	int reads_at_once;
	size_t burst; /* messages read in this millisecond */
	int64_t burst_at;
	int64_t coalesce_until; /* nothing is read before; 0: at once */
	int failed_with;  /* errno, after one try to write the first message */
	bool is_dropping; /* it has failed twice */
};

/*
 * packet_read.c: reads messages, or bytes that become messages, while none
 * are held.
 */
struct strategy_result packet_read(struct flow *, struct packet *);

/* packet_cut.c: the most bytes of a stream that go into one message. */
size_t packet_cut_size(const struct flow *);

/* Whether a message is a line of what is read. */
bool packet_cuts_lines(const struct flow *);

/*
 * The length of the message that begins at a byte, or 0 if more input may
 * complete it: with -i and --lines a message is a line.
 */
size_t packet_cut_length(const struct flow *, const uint8_t *at, size_t left);

/* Cuts what is in the buffer, from start on, until there are no more slots. */
void packet_cut(struct flow *, struct messages *, size_t start);

#endif
