/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The table of events, its two printers, and the pages that list it: the
 * manual and the schema.
 */
#include "observe/event.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "observe/as_json.h"
#include "observe/as_text.h"
#include "unit/tap.h"

#define ROW(text, more)                         \
	&(const struct event_row)               \
	{                                       \
		"named", LOG_EVENTS, text, more \
	}
#define VALUES(...)                  \
	&(const struct event_fields) \
	{                            \
		__VA_ARGS__          \
	}
#define PEER                                                        \
	{                                                           \
		.name = "::1 port 80", .address = "::1", .port = 80 \
	}

static char out[2048];

static bool
is_text(const struct event_row *row, const struct event_fields *values,
    const char *wanted)
{
	size_t length = as_text(out, sizeof(out), row, values);

	return length == strlen(wanted) && strcmp(out, wanted) == 0;
}

static bool
has_json(const struct event_row *row, const struct event_fields *values,
    const char *wanted)
{
	out[as_json(out, sizeof(out) - 1, row, values)] = '\0';
	return strstr(out, wanted) != NULL;
}

static void
text_is_what_the_row_says(void)
{
	ok(is_text(ROW("{what}: {error}", NULL),
	       VALUES(.what = "x", .error = EPIPE), "x: Broken pipe"),
	    "an errno is words");
	ok(is_text(ROW("{peer}, {peer:}", NULL), VALUES(.peer = PEER),
	       "::1 port 80, ::1 80"),
	    "an address is named, or written as nc does");
	ok(is_text(ROW("{peer}", NULL),
	       VALUES(.peer = { .address = "::1", .port = 80 }), "::1 port 80"),
	    "an address without a name is its name");
	ok(is_text(ROW("{peer:}", NULL),
	       VALUES(.peer = { .name = "standard input", .port = -1 }),
	       "standard input"),
	    "what has no address is named");
	ok(is_text(
	       ROW("{count|item|items}", NULL), VALUES(.count = 1), "1 item"),
	    "one is one");
	ok(is_text(
	       ROW("{count|item|items}", NULL), VALUES(.count = 2), "2 items"),
	    "two are more");
	ok(is_text(
	       ROW("{count|item|items}", NULL), VALUES(.what = ""), "0 items"),
	    "none are more, too");
	ok(is_text(ROW("{seconds}, {seconds.3}", NULL), VALUES(.seconds = 0.5),
	       "0.5, 0.500"),
	    "seconds have as many decimals as are asked for");
	ok(is_text(ROW("a[ {what}][ ({lost})] [[{host}]", NULL),
	       VALUES(.host = "h", .lost = 3), "a (3) [h]"),
	    "a part whose value is not there is left out, a bracket stays: %s",
	    out);
}

static void
json_has_the_fields_of_the_row(void)
{
	ok(has_json(ROW("{what} sent", "count"), VALUES(.what = "x"),
	       "\"event\":\"named\",\"level\":\"info\","
	       "\"message\":\"x sent\",\"what\":\"x\",\"count\":0}"),
	    "fields are those of the line, and of the list: %s", out);
	ok(has_json(ROW("{what}[ {port}]", NULL), VALUES(.what = "x"),
	       "\"what\":\"x\"}"),
	    "a port of zero is none: %s", out);
	ok(has_json(ROW("{where}", "host"),
	       VALUES(.where = "h (::1)", .host = "h"),
	       "\"message\":\"h (::1)\",\"host\":\"h\"}"),
	    "words are in the line only: %s", out);
	ok(has_json(ROW("{peer}", NULL), VALUES(.peer = PEER),
	       "\"peer\":{\"name\":\"::1 port 80\",\"address\":\"::1\","
	       "\"port\":80}}"),
	    "an end is an object: %s", out);
	ok(has_json(ROW("{error}", NULL), VALUES(.error = EPIPE),
	       "\"error\":\"Broken pipe\",\"errno\":32}"),
	    "an errno is there as a number, too: %s", out);
	ok(has_json(ROW("{what}", NULL), VALUES(.what = "\x1b[1m\""),
	       "\"what\":\"\\\\x1b[1m\\\"\"}"),
	    "what controls a terminal is escaped as it is in text: %s", out);
	ok(has_json(ROW("x", NULL), VALUES(.what = "x"), "{\"time\":\"20") &&
		strlen(out) > 30 &&
		out[strlen("{\"time\":\"2026-01-01T00:00:00.000Z")] == '"',
	    "the time is to the millisecond: %s", out);
}

static void
json_is_always_whole(void)
{
	static char text[4096];
	size_t length;

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 2 == 0 ? '"' : '\x01';
	for (size_t size = 1000; size <= sizeof(out); size += 131) {
		length = as_json(out, size, ROW("{what} {host}", "reason"),
		    VALUES(.what = text, .host = text, .reason = text));
		ok(length > 0 && length <= size && out[length - 1] == '}',
		    "long texts are shortened until they fit into %zu bytes",
		    size);
	}
}

static char *
read_page(const char *path)
{
	const char *folder = getenv("TEST_SOURCES");
	static char page[256 * 1024];
	char name[1024];
	size_t length;
	FILE *f;

	snprintf(name, sizeof(name), "%s/../%s",
	    folder != NULL ? folder : "tests", path);
	f = fopen(name, "r");
	if (f == NULL)
		return NULL;
	length = fread(page, 1, sizeof(page) - 1, f);
	fclose(f);
	page[length] = '\0';
	return page;
}

static bool
lists(
    const char *page, const char *before, const char *name, const char *behind)
{
	char item[128];

	snprintf(item, sizeof(item), "%s%s%s", before, name, behind);
	if (strstr(page, item) != NULL)
		return true;
	printf("# does not list %s\n", name);
	return false;
}

static void
every_name_is_listed(const char *path, const char *before, const char *behind)
{
	const char *page = read_page(path);
	bool are_listed = page != NULL;

	for (int i = 0; page != NULL && i < EVENTS; i++)
		are_listed &= lists(page, before, event_rows[i].name, behind);
	for (size_t i = 0; page != NULL && i < field_count; i++)
		are_listed &= fields[i].type == EVENT_WORDS ||
		    lists(page, before, fields[i].name, behind);
	ok(are_listed, "%s lists every event and every field", path);
}

static void
every_row_can_be_printed(void)
{
	static const struct event_fields values = { .seconds = 1 };
	bool are_all = true;

	for (int i = 0; i < EVENTS; i++)
		are_all &= event_rows[i].name != NULL &&
		    as_text(out, sizeof(out), &event_rows[i], &values) > 0 &&
		    strpbrk(out, "{}|") == NULL;
	ok(are_all, "every row can be printed");
}

/* Whether "1" is followed by a noun in the plural. */
static bool
disagrees(const char *line)
{
	while ((line = strstr(line, "1 ")) != NULL) {
		size_t length = strspn(line += 2, "abcdefghijklmnopqrstuvwxyz");

		if (length > 2 && line[length - 1] == 's' &&
		    strncmp(line, "was", length) != 0)
			return true;
	}
	return false;
}

static void
a_noun_agrees_with_its_count(void)
{
	struct event_fields values = { .seconds = 1 };
	bool is_right = true;

	for (size_t i = 0; i < field_count; i++)
		if (fields[i].type == EVENT_COUNT)
			memcpy((char *)&values + fields[i].offset,
			    &(uint64_t){ 1 }, sizeof(uint64_t));
	for (int i = 0; i < EVENTS; i++) {
		as_text(out, sizeof(out), &event_rows[i], &values);
		if (disagrees(out)) {
			printf("# %s\n", out);
			is_right = false;
		}
	}
	ok(is_right, "one thing is not several, in any row");
}

int
main(void)
{
	text_is_what_the_row_says();
	json_has_the_fields_of_the_row();
	json_is_always_whole();
	every_row_can_be_printed();
	a_noun_agrees_with_its_count();
	every_name_is_listed("man/sockcat.1", "\n.It Cm ", "\n");
	every_name_is_listed("contrib/log.schema.json", "\"", "\"");
	return tap_end();
}
