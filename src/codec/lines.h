/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Complete lines, of bytes that come in pieces of any size.
 */
#ifndef SOCKCAT_CODEC_LINES_H
#define SOCKCAT_CODEC_LINES_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lines {
	size_t max;     /* bytes; a line that is longer is cut */
	bool is_single; /* one line at a time; else as many as are complete */
	uint8_t *held;  /* the beginning of a line that is not complete */
	size_t used, size;
};

/* Bytes of one line or more, the newline included. */
struct line {
	const uint8_t *bytes;
	size_t length;
};

/*
 * Takes bytes up to a newline or to the maximum, of length bytes, which are
 * not 0.  Returns how many it took, or -1 with errno.  What is complete now is
 * stored, and stands in the bytes or in the lines, for which lines_clear() is
 * called when it has been used; length 0: nothing is complete.
 */
ssize_t lines_take(
    struct lines *, const uint8_t *bytes, size_t length, struct line *);

/* What is held, for when nothing more comes to complete it. */
struct line lines_rest(const struct lines *);

/* Forgets what is held, and frees the memory. */
void lines_clear(struct lines *);

#endif
