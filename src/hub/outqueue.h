/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What waits to be written to one sink: bytes, or messages that stay apart,
 * empty ones too.
 */
#ifndef SOCKCAT_HUB_OUTQUEUE_H
#define SOCKCAT_HUB_OUTQUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* All zero is an empty queue of bytes. */
struct outqueue {
	struct buffer buffer; /* of messages, each behind its length */
	bool keeps_messages;  /* never changed once something was added */
};

void outqueue_clear(struct outqueue *);

/* Adds bytes, or one message.  Returns 0, or -1 with errno. */
int outqueue_add(struct outqueue *, const void *, size_t length);

/* Bytes held, the lengths of messages included; 0: it is empty. */
size_t outqueue_used(const struct outqueue *);

/* The first message, or all the bytes, of a queue that is not empty. */
const uint8_t *outqueue_head(const struct outqueue *, size_t *length);

/* Drops so many bytes; a message goes as a whole. */
void outqueue_consume(struct outqueue *, size_t length);

#endif
