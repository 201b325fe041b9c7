/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Lines: nothing is lost or added, what is complete ends in a newline or is as
 * long as it may be, and one at a time they are the same however they come.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "codec/lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { MAX = 16, SIZE = 4096 };

struct text {
	uint8_t bytes[SIZE];
	size_t used;
	size_t ends[SIZE], count; /* of what was complete */
};

static void
add(struct text *t, struct line line)
{
	memcpy(t->bytes + t->used, line.bytes, line.length);
	t->used += line.length;
	t->ends[t->count++] = t->used;
}

static void
take(struct lines *l, const uint8_t *bytes, size_t length, struct text *t)
{
	while (length > 0) {
		struct line line;
		ssize_t n = lines_take(l, bytes, length, &line);

		if (n == -1)
			abort();
		assert(n > 0 && (size_t)n <= length);
		bytes += n;
		length -= (size_t)n;
		if (line.length == 0)
			continue;
		assert(line.length <= MAX);
		assert(
		    line.length == MAX || line.bytes[line.length - 1] == '\n');
		add(t, line);
		lines_clear(l);
	}
}

static void
end(struct lines *l, struct text *t)
{
	struct line rest = lines_rest(l);

	assert(rest.length < MAX);
	assert(
	    rest.length == 0 || memchr(rest.bytes, '\n', rest.length) == NULL);
	if (rest.length > 0)
		add(t, rest);
	lines_clear(l);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct text whole, pieces;
	size_t cut;

	if (length > SIZE)
		length = SIZE;
	cut = length == 0 ? 0 : bytes[0] % (length + 1);
	for (int is_single = 0; is_single < 2; is_single++) {
		struct lines l = { .max = MAX, .is_single = is_single };

		whole.used = whole.count = pieces.used = pieces.count = 0;
		take(&l, bytes, length, &whole);
		end(&l, &whole);
		take(&l, bytes, cut, &pieces);
		take(&l, bytes + cut, length - cut, &pieces);
		end(&l, &pieces);
		assert(whole.used == length && pieces.used == length);
		assert(memcmp(whole.bytes, bytes, length) == 0);
		assert(memcmp(pieces.bytes, bytes, length) == 0);
		if (!is_single)
			continue;
		assert(whole.count == pieces.count);
		assert(memcmp(whole.ends, pieces.ends,
			   whole.count * sizeof(whole.ends[0])) == 0);
	}
	return 0;
}
