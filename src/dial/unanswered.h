/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The first datagrams to a peer that has not answered yet.  They may have to
 * be sent again, to another address.
 */
#ifndef SOCKCAT_DIAL_UNANSWERED_H
#define SOCKCAT_DIAL_UNANSWERED_H

#include <stddef.h>
#include <stdint.h>

enum { UNANSWERED_MAX = 64, UNANSWERED_BYTES = 64 * 1024 };

/* All zero: none. */
struct unanswered {
	uint8_t *bytes; /* one datagram behind the other, or NULL */
	size_t lengths[UNANSWERED_MAX];
	size_t count, used;
};

/* Keeps a copy, if there is room and memory. */
void unanswered_keep(struct unanswered *, const void *, size_t length);

/* Sends all again on a connected socket. */
void unanswered_send(const struct unanswered *, int fd);

void unanswered_clear(struct unanswered *);

#endif
