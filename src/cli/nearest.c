/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The Damerau-Levenshtein distance in which no letter is changed twice
 * ("optimal string alignment").
 */
#include "cli/nearest.h"

#include <limits.h>
#include <string.h>

enum { LONGEST = 63 };

static int
least(int a, int b)
{
	return a < b ? a : b;
}

int
nearest_distance(const char *word, size_t length, const char *other)
{
	/* Three rows of the table: the one before the last, the last, ours. */
	int table[3][LONGEST + 1];
	size_t width = strlen(other);

	if (length > LONGEST || width > LONGEST)
		return INT_MAX;
	for (size_t j = 0; j <= width; j++)
		table[0][j] = (int)j;
	for (size_t i = 1; i <= length; i++) {
		const int *last = table[(i + 2) % 3];
		const int *before = table[(i + 1) % 3];
		int *row = table[i % 3];

		row[0] = (int)i;
		for (size_t j = 1; j <= width; j++) {
			int differs = word[i - 1] != other[j - 1];

			row[j] = least(least(last[j], row[j - 1]) + 1,
			    last[j - 1] + differs);
			if (i > 1 && j > 1 && word[i - 1] == other[j - 2] &&
			    word[i - 2] == other[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return table[length % 3][width];
}

int
nearest_limit(size_t length)
{
	return length < 3 ? 0 : length < 6 ? 1 : length < 9 ? 2 : 3;
}
