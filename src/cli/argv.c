/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The pointers and the words are one block of memory: a text has at most half
 * as many words as characters, rounded up, and unquoting only shortens it.
 */
#include "cli/argv.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Takes the backslash at *text and the character it quotes. */
static char
unescape(const char **text, char quote)
{
	char next = (*text)[1];
	bool is_escape =
	    quote == '\0' ? next != '\0' : next == '\\' || next == '"';

	*text += is_escape ? 2 : 1;
	return is_escape ? next : '\\';
}

/* Unquotes a word.  Returns the end of it, or NULL if a quote is open. */
static const char *
take_word(const char *text, char **end)
{
	char quote = '\0', *out = *end;

	while (*text != '\0' && (quote != '\0' || !is_blank(*text))) {
		if (*text == '\\' && quote != '\'') {
			*out++ = unescape(&text, quote);
			continue;
		}
		if (quote == '\0' && (*text == '\'' || *text == '"'))
			quote = *text;
		else if (quote != '\0' && *text == quote)
			quote = '\0';
		else
			*out++ = *text;
		text++;
	}
	*out++ = '\0';
	*end = out;
	return quote == '\0' ? text : NULL;
}

static const char *
skip_blanks(const char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

char **
argv_split(const char *text, const char **bad)
{
	size_t length = strlen(text), max = length / 2 + 2, count = 0;
	char **words = malloc(max * sizeof(*words) + length + 1), *end;

	if (words == NULL) {
		*bad = strerror(ENOMEM);
		return NULL;
	}
	end = (char *)(words + max);
	*bad = NULL;
	for (text = skip_blanks(text); *text != '\0';
	     text = skip_blanks(text)) {
		words[count++] = end;
		text = take_word(text, &end);
		if (text == NULL) {
			*bad = "a quote is not closed";
			break;
		}
	}
	words[count] = NULL;
	if (*bad == NULL && count == 0)
		*bad = "no command";
	if (*bad != NULL) {
		free(words);
		return NULL;
	}
	return words;
}

char **
argv_for_shell(const char *command)
{
	static const char shell[] = "/bin/sh\0-c";
	size_t length = strlen(command) + 1;
	char **words = malloc(4 * sizeof(*words) + sizeof(shell) + length);
	char *text;

	if (words == NULL)
		return NULL;
	text = (char *)(words + 4);
	memcpy(text, shell, sizeof(shell));
	memcpy(text + sizeof(shell), command, length);
	words[0] = text;
	words[1] = text + strlen(text) + 1;
	words[2] = text + sizeof(shell);
	words[3] = NULL;
	return words;
}

void
argv_free(char **words)
{
	free(words);
}
