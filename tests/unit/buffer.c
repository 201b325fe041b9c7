/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

static bool
holds(const struct buffer *b, const char *text)
{
	return buffer_used(b) == strlen(text) &&
	    memcmp(buffer_head(b), text, strlen(text)) == 0;
}

static void
bytes_come_out_in_order(void)
{
	struct buffer b = { 0 };

	ok(buffer_used(&b) == 0, "a new buffer is empty");
	buffer_append(&b, "hello ", 6);
	buffer_append(&b, "world", 5);
	ok(holds(&b, "hello world"), "appended bytes stand in order");
	buffer_consume(&b, 6);
	ok(holds(&b, "world"), "consumed bytes leave from the start");
	buffer_append(&b, "!", 1);
	ok(holds(&b, "world!"),
	    "bytes can be appended after some were consumed");
	buffer_consume(&b, 6);
	ok(buffer_used(&b) == 0 && b.start == 0,
	    "an emptied buffer starts at the front again");
	buffer_clear(&b);
}

static void
reserving_moves_before_it_grows(void)
{
	struct buffer b = { 0 };
	size_t size;

	buffer_reserve(&b, 100);
	buffer_commit(&b, 100);
	size = b.size;
	buffer_consume(&b, 60);
	buffer_reserve(&b, 60);
	ok(b.size == size && buffer_used(&b) == 40,
	    "room is made by moving where that is enough");
	buffer_clear(&b);
	ok(b.data == NULL && buffer_used(&b) == 0,
	    "a cleared buffer has no memory");
}

/* Against a model: a plain array with two indexes. */
static void
random_use_agrees_with_a_model(void)
{
	enum { MAX = 1 << 16 };
	static unsigned char model[MAX];
	size_t start = 0, end = 0;
	struct buffer b = { 0 };
	bool agrees = true;

	for (int i = 0; i < 20000 && end < MAX - 64; i++) {
		size_t n = arc4random_uniform(40);

		if (arc4random_uniform(2)) {
			arc4random_buf(model + end, n);
			buffer_append(&b, model + end, n);
			end += n;
		} else if (n <= end - start) {
			buffer_consume(&b, n);
			start += n;
		}
		agrees &= buffer_used(&b) == end - start &&
		    (end == start ||
			memcmp(buffer_head(&b), model + start, end - start) ==
			    0);
	}
	ok(agrees, "random appending and consuming agrees with a model");
	buffer_clear(&b);
}

int
main(void)
{
	bytes_come_out_in_order();
	reserving_moves_before_it_grows();
	random_use_agrees_with_a_model();
	return tap_end();
}
