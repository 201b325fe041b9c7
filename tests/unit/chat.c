/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "codec/chat.h"

#include <string.h>

#include "tap.h"

static bool
bytes_give(const char *line, size_t length, const char *expected)
{
	uint8_t out[CHAT_OUTPUT_MAX];
	size_t used = chat_line("<a> ", (const uint8_t *)line, length, out);

	return used == strlen(expected) + 5 && memcmp(out, "<a> ", 4) == 0 &&
	    memcmp(out + 4, expected, used - 5) == 0 && out[used - 1] == '\n';
}

static bool
gives(const char *line, const char *expected)
{
	return bytes_give(line, strlen(line), expected);
}

static void
lines(void)
{
	ok(gives("word\n", "word"), "a line gets its speaker");
	ok(gives("word", "word"), "a line without an end gets one");
	ok(gives("word\r\n", "word"), "a line may end in CRLF");
	ok(gives("\n", "") && gives("", ""), "a line may be empty");
	ok(gives("a\nb\n", "a\\x0ab"), "a newline within is escaped");
	ok(gives("a\rb\n", "a\\x0db"), "a carriage return within is escaped");
	ok(gives("a\r\r\n", "a\\x0d"), "of two carriage returns one is left");
	ok(gives("\tx\n", "\tx"), "a tab passes");
	ok(bytes_give("a\0b\n", 4, "a\\x00b"), "a zero byte is escaped");
}

static void
controls(void)
{
	ok(gives("\033[2J\a\b\177\n", "\\x1b[2J\\x07\\x08\\x7f"),
	    "what moves a cursor is escaped");
	ok(gives(
	       "\302\200\302\233\302\237\n", "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f"),
	    "so are the controls beyond ASCII");
	ok(gives("\302\240\n", "\302\240"), "but not what comes behind them");
	ok(gives("\330\234 \342\200\216 \342\200\217\n",
	       "\\xd8\\x9c \\xe2\\x80\\x8e \\xe2\\x80\\x8f"),
	    "marks of direction are escaped");
	ok(gives("\342\200\252 \342\200\256 \342\201\246 \342\201\251\n",
	       "\\xe2\\x80\\xaa \\xe2\\x80\\xae \\xe2\\x81\\xa6 "
	       "\\xe2\\x81\\xa9"),
	    "embeddings, overrides and isolates are escaped");
	ok(gives(
	       "\342\200\250\342\200\251\n", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9"),
	    "separators of lines are escaped");
	ok(gives("\342\200\247 \342\200\257 \342\201\245 \342\201\252\n",
	       "\342\200\247 \342\200\257 \342\201\245 \342\201\252"),
	    "their neighbours are not");
}

static void
utf8(void)
{
	static const char *const good[] = { "\303\251", "\337\277",
		"\340\240\200", "\346\227\245", "\355\237\277", "\356\200\200",
		"\360\220\200\200", "\360\237\220\210", "\364\217\277\277" };
	static const struct {
		const char *bytes, *escaped;
	} bad[] = {
		{ "\200", "\\x80" },
		{ "\377", "\\xff" },
		{ "\300\212", "\\xc0\\x8a" },
		{ "\340\202\212", "\\xe0\\x82\\x8a" },
		{ "\360\200\200\212", "\\xf0\\x80\\x80\\x8a" },
		{ "\355\240\200", "\\xed\\xa0\\x80" },
		{ "\364\220\200\200", "\\xf4\\x90\\x80\\x80" },
		{ "\370\210\200\200\200", "\\xf8\\x88\\x80\\x80\\x80" },
		{ "\342\200", "\\xe2\\x80" },
		{ "\303x", "\\xc3x" },
		{ "\342\200\nx", "\\xe2\\x80\\x0ax" },
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ok(gives(good[i], good[i]), "character %zu passes", i);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(gives(bad[i].bytes, bad[i].escaped), "%s is escaped",
		    bad[i].escaped);
}

static void
room(void)
{
	uint8_t line[CHAT_LINE], out[CHAT_OUTPUT_MAX];
	char speaker[32];

	memset(line, 0xff, sizeof(line));
	memset(speaker, 'u', sizeof(speaker));
	speaker[sizeof(speaker) - 1] = '\0';
	ok(chat_line(speaker, line, sizeof(line), out) ==
		sizeof(speaker) + 4 * sizeof(line),
	    "the longest line has room when all of it is escaped");
}

int
main(void)
{
	lines();
	controls();
	utf8();
	room();
	return tap_end();
}
