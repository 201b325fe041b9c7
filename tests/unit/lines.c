/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "codec/lines.h"

#include <string.h>

#include "tap.h"

/* What was complete, each piece in parentheses. */
static char told[256];

static void
tell(struct line line)
{
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "(%.*s)",
	    (int)line.length, (const char *)line.bytes);
}

static void
take(struct lines *l, const char *text)
{
	const uint8_t *bytes = (const uint8_t *)text;
	size_t length = strlen(text);

	while (length > 0) {
		struct line line;
		ssize_t n = lines_take(l, bytes, length, &line);

		bytes += n;
		length -= (size_t)n;
		if (line.length == 0)
			continue;
		tell(line);
		lines_clear(l);
	}
}

static bool
is_told(const char *expected)
{
	bool is_right = strcmp(told, expected) == 0;

	if (!is_right)
		printf("# %s\n", told);
	told[0] = '\0';
	return is_right;
}

static void
many(void)
{
	struct lines l = { .max = 8 };

	take(&l, "a\nb\n");
	ok(is_told("(a\nb\n)"), "lines that come together stay together");
	ok(l.held == NULL, "and are not copied");
	take(&l, "a\nb");
	ok(is_told("(a\n)") && l.used == 1, "what is no line is held");
	take(&l, "c");
	ok(is_told(""), "until more has come");
	take(&l, "d\n");
	ok(is_told("(bcd\n)") && l.held == NULL, "that ends it");
	take(&l, "a");
	take(&l, "b\nc\nd\n");
	ok(is_told("(ab\n)(c\nd\n)"), "and lines behind it are not copied");
	take(&l, "\n");
	ok(is_told("(\n)"), "a line may be empty");
	take(&l, "12345678");
	ok(is_told("(12345678)"), "a line that is too long is cut");
	take(&l, "12345");
	take(&l, "6789\n");
	ok(is_told("(12345678)(9\n)"), "also one that comes in pieces");
	take(&l, "123\n56789\n");
	ok(is_told("(123\n)(56789\n)"),
	    "but before a line that is not too long");
	take(&l, "ab");
	tell(lines_rest(&l));
	ok(is_told("(ab)"), "what is left can be had");
	lines_clear(&l);
	ok(lines_rest(&l).length == 0, "and be forgotten");
}

static void
single(void)
{
	struct lines l = { .max = 8, .is_single = true };

	take(&l, "a\nb\nc");
	ok(is_told("(a\n)(b\n)"), "lines come one at a time");
	take(&l, "d\n");
	ok(is_told("(cd\n)"), "and are completed");
	take(&l, "123456789\n");
	ok(is_told("(12345678)(9\n)"), "and are cut");
}

int
main(void)
{
	many();
	single();
	return tap_end();
}
