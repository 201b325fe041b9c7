/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "cli/nearest.h"

#include <limits.h>
#include <string.h>

#include "tap.h"

static int
distance(const char *word, const char *other)
{
	return nearest_distance(word, strlen(word), other);
}

static void
distances(void)
{
	ok(distance("", "") == 0 && distance("listen", "listen") == 0,
	    "a word is near itself");
	ok(distance("lisen", "listen") == 1 && distance("a", "") == 1 &&
		distance("", "abc") == 3,
	    "a letter may be missing");
	ok(distance("listten", "listen") == 1 &&
		distance("listem", "listen") == 1,
	    "or be too many, or another");
	ok(distance("forwrad", "forward") == 1 && distance("ba", "ab") == 1,
	    "or stand behind the next one");
	ok(distance("no_dsn", "nodns") == 2, "each of that counts");
	ok(distance("kitten", "sitting") == 3, "and the least is told");
}

static void
limits(void)
{
	char longest[64];

	memset(longest, 'a', 63);
	longest[63] = '\0';
	ok(nearest_distance("listen=no", 6, "listen") == 0,
	    "a word ends where the caller says");
	ok(distance(longest, "a") == 62, "63 letters can be compared");
	ok(nearest_distance("", 64, "a") == INT_MAX, "64 cannot");
	ok(nearest_limit(2) == 0 && nearest_limit(6) > 0,
	    "letters are no slip");
}

int
main(void)
{
	distances();
	limits();
	return tap_end();
}
