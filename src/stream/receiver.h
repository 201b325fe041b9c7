/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Reading from a bound datagram socket whose datagrams have many senders.
 */
#ifndef SOCKCAT_STREAM_RECEIVER_H
#define SOCKCAT_STREAM_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/backoff.h"
#include "net/address_text.h"
#include "net/overflow.h"
#include "stream/datagram.h"

struct receiver {
	int fd;
	int slot;     /* of the turn's poll set */
	bool is_dead; /* it met an error that does not pass */
	struct datagram_options options;
	struct overflow overflow;
	struct backoff backoff;
	uint8_t *space;
	size_t size;
	char name[ADDRESS_TEXT];
};

/* A datagram has come, from not too far away. */
typedef void receiver_heard(void *context, const struct receiver *,
    const struct datagram_source *, const uint8_t *bytes, size_t length,
    int64_t now);

/* The descriptor stays the caller's. */
void receiver_init(struct receiver *, int fd, const struct datagram_options *);

/* Logs what the system dropped, and frees the memory. */
void receiver_clear(struct receiver *);

/*
 * Reads once: a batch, or one message of a unix socket, whose sender waits
 * for the next.  Returns whether there may be more.  An error is logged; of
 * one that does not pass, is_dead tells, and of one that does, the backoff.
 */
bool receiver_read(
    struct receiver *r, receiver_heard *heard, void *context, int64_t now);

/* The same of an error that another call on the socket met. */
void receiver_failed(struct receiver *, int error, int64_t now);

#endif
