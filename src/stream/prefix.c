/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "stream/prefix.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct prefix {
	size_t taken, length;
	uint8_t bytes[];
};

struct prefix *
prefix_new(const void *bytes, size_t length, struct prefix *older)
{
	size_t more = older != NULL ? prefix_length(older) : 0;
	struct prefix *p = malloc(sizeof(*p) + length + more);

	if (p == NULL)
		return NULL;
	p->taken = 0;
	p->length = length + more;
	memcpy(p->bytes, bytes, length);
	if (older != NULL)
		prefix_take(older, p->bytes + length, more);
	prefix_free(older);
	return p;
}

void
prefix_free(struct prefix *p)
{
	free(p);
}

size_t
prefix_length(const struct prefix *p)
{
	return p->length - p->taken;
}

size_t
prefix_take(struct prefix *p, void *bytes, size_t length)
{
	if (length > prefix_length(p))
		length = prefix_length(p);
	memcpy(bytes, p->bytes + p->taken, length);
	p->taken += length;
	return length;
}
