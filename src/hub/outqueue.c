/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "hub/outqueue.h"

#include <string.h>

void
outqueue_clear(struct outqueue *q)
{
	buffer_clear(&q->buffer);
}

int
outqueue_add(struct outqueue *q, const void *bytes, size_t length)
{
	if (!q->keeps_messages)
		return buffer_append(&q->buffer, bytes, length);
	/* Both or neither. */
	if (buffer_reserve(&q->buffer, sizeof(length) + length) == NULL)
		return -1;
	buffer_append(&q->buffer, &length, sizeof(length));
	return buffer_append(&q->buffer, bytes, length);
}

size_t
outqueue_used(const struct outqueue *q)
{
	return buffer_used(&q->buffer);
}

const uint8_t *
outqueue_head(const struct outqueue *q, size_t *length)
{
	const uint8_t *head = buffer_head(&q->buffer);

	if (!q->keeps_messages) {
		*length = buffer_used(&q->buffer);
		return head;
	}
	memcpy(length, head, sizeof(*length));
	return head + sizeof(*length);
}

void
outqueue_consume(struct outqueue *q, size_t length)
{
	if (q->keeps_messages) {
		outqueue_head(q, &length);
		length += sizeof(length);
	}
	buffer_consume(&q->buffer, length);
	if (buffer_used(&q->buffer) == 0)
		buffer_clear(&q->buffer);
}
