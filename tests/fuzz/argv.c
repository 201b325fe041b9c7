/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Command lines: whatever the text, there is a reason or at least one word;
 * and the words, quoted again, give the same words.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/argv.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void *
room(size_t length)
{
	void *bytes = malloc(length);

	if (bytes == NULL)
		abort();
	return bytes;
}

/* A byte becomes five at most: a quote that is closed, escaped, reopened. */
static char *
quote(char **words, size_t length)
{
	char *text = room(5 * length + 1), *out = text;

	for (size_t i = 0; words[i] != NULL; i++) {
		*out++ = '\'';
		for (const char *c = words[i]; *c != '\0'; c++) {
			if (*c == '\'')
				out = stpcpy(out, "'\\''");
			else
				*out++ = *c;
		}
		*out++ = '\'';
		*out++ = ' ';
	}
	*out = '\0';
	return text;
}

static void
split_again(char **words, size_t length)
{
	char *text = quote(words, length);
	const char *bad;
	char **again = argv_split(text, &bad);
	size_t i;

	assert(again != NULL && bad == NULL);
	for (i = 0; words[i] != NULL; i++)
		assert(again[i] != NULL && strcmp(again[i], words[i]) == 0);
	assert(i > 0 && again[i] == NULL);
	argv_free(again);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = room(length + 1);
	const char *bad;
	char **words;

	memcpy(text, bytes, length);
	text[length] = '\0';
	words = argv_split(text, &bad);
	if (words == NULL)
		assert(bad != NULL);
	else
		split_again(words, length);
	argv_free(words);
	free(text);
	return 0;
}
