/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "hub/outqueue.h"

#include <string.h>

#include "tap.h"

static bool
heads(const struct outqueue *q, const char *expected)
{
	size_t length;
	const uint8_t *head = outqueue_head(q, &length);

	return length == strlen(expected) &&
	    memcmp(head, expected, length) == 0;
}

static void
bytes(void)
{
	struct outqueue q = { 0 };

	ok(outqueue_used(&q) == 0, "a queue of bytes begins empty");
	ok(outqueue_add(&q, "one", 3) == 0 && outqueue_add(&q, "", 0) == 0 &&
		outqueue_add(&q, "two", 3) == 0 && heads(&q, "onetwo"),
	    "bytes are joined, and nothing is nothing");
	outqueue_consume(&q, 2);
	ok(heads(&q, "etwo") && outqueue_used(&q) == 4,
	    "some of them may be taken");
	outqueue_consume(&q, 4);
	ok(outqueue_used(&q) == 0 && q.buffer.data == NULL,
	    "an empty queue has no memory");
}

static void
messages(void)
{
	struct outqueue q = { .keeps_messages = true };

	outqueue_add(&q, "one", 3);
	outqueue_add(&q, "", 0);
	outqueue_add(&q, "two", 3);
	ok(heads(&q, "one"), "messages stay apart");
	outqueue_consume(&q, 1);
	ok(heads(&q, "") && outqueue_used(&q) > 0,
	    "one goes as a whole, and an empty one is one");
	outqueue_consume(&q, 0);
	ok(heads(&q, "two"), "and goes as well");
	outqueue_clear(&q);
	ok(outqueue_used(&q) == 0, "a queue that was cleared is empty");
}

int
main(void)
{
	bytes();
	messages();
	return tap_end();
}
