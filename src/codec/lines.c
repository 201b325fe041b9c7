/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Only a line that comes in pieces is copied; the lines behind it are not.
 */
#include "codec/lines.h"

#include <stdlib.h>
#include <string.h>

/* How many of the bytes belong to what is held. */
static size_t
piece_length(const struct lines *l, const uint8_t *bytes, size_t length)
{
	size_t max = l->max - l->used;
	const uint8_t *newline;

	if (max > length)
		max = length;
	if (l->is_single || l->used > 0)
		newline = memchr(bytes, '\n', max);
	else
		newline = memrchr(bytes, '\n', max);
	return newline == NULL ? max : (size_t)(newline - bytes) + 1;
}

static int
hold(struct lines *l, const uint8_t *bytes, size_t length)
{
	size_t size = l->size;
	uint8_t *held = l->held;

	if (l->used + length > size) {
		/* Byte by byte would copy all that is held each time. */
		size =
		    2 * size > l->used + length ? 2 * size : l->used + length;
		held = realloc(held, size);
		if (held == NULL)
			return -1;
	}
	memcpy(held + l->used, bytes, length);
	l->held = held;
	l->size = size;
	l->used += length;
	return 0;
}

ssize_t
lines_take(
    struct lines *l, const uint8_t *bytes, size_t length, struct line *line)
{
	size_t n = piece_length(l, bytes, length);
	bool is_complete = bytes[n - 1] == '\n' || l->used + n == l->max;

	*line = (struct line){ .bytes = bytes, .length = is_complete ? n : 0 };
	if (is_complete && l->used == 0)
		return (ssize_t)n;
	if (hold(l, bytes, n) == -1)
		return -1;
	if (is_complete)
		*line = lines_rest(l);
	return (ssize_t)n;
}

struct line
lines_rest(const struct lines *l)
{
	return (struct line){ .bytes = l->held, .length = l->used };
}

void
lines_clear(struct lines *l)
{
	free(l->held);
	l->held = NULL;
	l->used = l->size = 0;
}
