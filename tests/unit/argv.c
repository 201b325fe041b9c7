/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "cli/argv.h"

#include <string.h>

#include "tap.h"

/* Whether the words, each in angle brackets, are these; or the reason is. */
static bool
gives(const char *text, const char *expected)
{
	char all[256] = "";
	const char *bad;
	char **words = argv_split(text, &bad);

	if (words == NULL)
		return strcmp(bad, expected) == 0;
	for (size_t i = 0; words[i] != NULL; i++) {
		strlcat(all, "<", sizeof(all));
		strlcat(all, words[i], sizeof(all));
		strlcat(all, ">", sizeof(all));
	}
	argv_free(words);
	return bad == NULL && strcmp(all, expected) == 0;
}

static void
parts(void)
{
	ok(gives("cat", "<cat>"), "a word is a command");
	ok(gives(" ls \t -l\n/ ", "<ls><-l></>"), "blanks part words");
	ok(gives("a b c d", "<a><b><c><d>"), "words may have one byte each");
	ok(gives("echo $HOME *.c ~ a;b|c", "<echo><$HOME><*.c><~><a;b|c>"),
	    "nothing is expanded");
}

static void
quotes(void)
{
	ok(gives("echo 'a  b' \"c  d\"", "<echo><a  b><c  d>"),
	    "quotes keep blanks");
	ok(gives("a'b'\"c\"d", "<abcd>"), "quotes may be a part of a word");
	ok(gives("a '' \"\"", "<a><><>"), "a word may be empty");
	ok(gives("'a\"b' \"c'd\"", "<a\"b><c'd>"),
	    "a quote keeps the other kind");
	ok(gives("'a\\b\\'", "<a\\b\\>"),
	    "a backslash is itself between single quotes");
	ok(gives("\"a\\\"b\\\\c\\nd\"", "<a\"b\\c\\nd>"),
	    "a backslash escapes itself and the quote between double quotes");
	ok(gives("a\\ b \\'c \\\\d \\e", "<a b><'c><\\d><e>"),
	    "a backslash escapes anything elsewhere");
	ok(gives("a\\", "<a\\>"), "a backslash with nothing behind is itself");
}

static void
mistakes(void)
{
	ok(gives("", "no command") && gives(" \t\n", "no command"),
	    "blanks alone are no command");
	ok(gives("a 'b", "a quote is not closed") &&
		gives("a \"b", "a quote is not closed") &&
		gives("'", "a quote is not closed") &&
		gives("\"a\\\"", "a quote is not closed"),
	    "an open quote is refused");
}

int
main(void)
{
	parts();
	quotes();
	mistakes();
	return tap_end();
}
