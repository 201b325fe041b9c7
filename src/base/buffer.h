/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A buffer of bytes: appended at the end, consumed at the start, contiguous
 * in between, so that one read(2) and one write(2) need no vector.
 */
#ifndef SOCKCAT_BASE_BUFFER_H
#define SOCKCAT_BASE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

/* All zero is an empty buffer without memory. */
struct buffer {
	uint8_t *data;
	size_t size;
	size_t start, end;
};

/* Frees the memory; the buffer is empty and can be used again. */
void buffer_clear(struct buffer *);

/* The number of bytes held, and the first of them. */
size_t buffer_used(const struct buffer *);
const uint8_t *buffer_head(const struct buffer *);

/*
 * Makes space for length bytes at the end and returns where they go; moves or
 * grows what is held if it must.  Returns NULL with errno.
 */
uint8_t *buffer_reserve(struct buffer *, size_t length);

/* Counts length bytes that were stored in reserved space as held. */
void buffer_commit(struct buffer *, size_t length);

/* Copies length bytes to the end.  Returns 0, or -1 with errno. */
int buffer_append(struct buffer *, const void *, size_t length);

/* Drops length bytes from the start. */
void buffer_consume(struct buffer *, size_t length);

#endif
