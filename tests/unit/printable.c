/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "codec/printable.h"

#include <string.h>

#include "tap.h"

static bool
gives(const char *bytes, size_t length, const char *keep, const char *expected)
{
	char out[64];
	size_t used = printable_escape(bytes, length, keep, out, sizeof(out));

	return used == strlen(expected) && strcmp(out, expected) == 0;
}

static void
characters(void)
{
	ok(gives("a b~", 4, "", "a b~"), "ASCII stays as it is");
	ok(gives("\303\251", 2, "", "\303\251"), "so does UTF-8");
	ok(gives("a\tb\n", 4, "", "a\\x09b\\x0a"), "controls are escaped");
	ok(gives("a\tb\n", 4, "\t", "a\tb\\x0a"), "but for those to keep");
	ok(gives("a\0b", 3, "\t", "a\\x00b"), "a NUL is always escaped");
	ok(gives("\233\302\233", 3, "", "\\x9b\\xc2\\x9b"),
	    "so are the controls beyond ASCII, however they are written");
	ok(gives("\342\200\256\342\200\250", 6, "",
	       "\\xe2\\x80\\xae\\xe2\\x80\\xa8"),
	    "so is what turns the text around, or begins a line");
	ok(gives("\\x1b", 4, "", "\\x1b"), "what is escaped already stays");
}

static void
room(void)
{
	char out[8];

	ok(printable_escape("12345678", 8, "", out, sizeof(out)) == 7 &&
		strcmp(out, "1234567") == 0,
	    "what has no room is left out");
	ok(printable_escape("1234\303\251\303\251", 8, "", out, sizeof(out)) ==
		    6 &&
		strcmp(out, "1234\303\251") == 0,
	    "no character is cut in two");
	ok(printable_escape("1234\033", 5, "", out, sizeof(out)) == 4 &&
		strcmp(out, "1234") == 0,
	    "and no escape");
	ok(printable_escape("x", 1, "", out, 1) == 0 && out[0] == '\0',
	    "room for the end alone is enough");
}

int
main(void)
{
	characters();
	room();
	return tap_end();
}
