/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The table of events, its two printers, and the pages that list it: the
 * manual and the schema.
 */
#include "observe/event.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
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

/* Whether no row before this one has its name. */
static bool
is_first(int id)
{
	for (int i = 0; i < id; i++)
		if (strcmp(event_rows[i].name, event_rows[id].name) == 0)
			return false;
	return true;
}

/* What holds for all rows of a name together. */
static enum event_use
use_of(const char *event, const struct field *f)
{
	bool is_in_any = false, is_in_all = true;

	for (int i = 0; i < EVENTS; i++) {
		enum event_use use = event_row_use(&event_rows[i], f);

		if (strcmp(event_rows[i].name, event) != 0)
			continue;
		is_in_any |= use != EVENT_NEVER;
		is_in_all &= use == EVENT_ALWAYS;
	}
	if (!is_in_any)
		return EVENT_NEVER;
	return is_in_all ? EVENT_ALWAYS : EVENT_AT_TIMES;
}

/* What the schema has to say, line by line, and what it is compared with. */
static struct {
	const char *at; /* NULL: they differ */
	const char *between;
} schema;

__attribute__((__format__(__printf__, 1, 2))) static void
expect(const char *format, ...)
{
	char text[256];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (schema.at == NULL)
		return;
	if (strncmp(schema.at, text, (size_t)length) == 0) {
		schema.at += length;
		return;
	}
	printf("# wanted: %s\n# found: %.*s\n", text,
	    (int)strcspn(schema.at, "\n"), schema.at);
	schema.at = NULL;
}

/* A comma, but not before the first member of a list. */
static void
expect_member(const char *indent)
{
	expect("%s\n%s", schema.between, indent);
	schema.between = ",";
}

static void
expect_properties(const char *event)
{
	static const char *const kinds[] = {
		[EVENT_END] = "end",
		[EVENT_TEXT] = "text",
		[EVENT_COUNT] = "count",
		[EVENT_PORT] = "port",
		[EVENT_SECONDS] = "seconds",
		[EVENT_ERRNO] = "text",
	};

	schema.between = "";
	expect("\t\t\t\t\"properties\": {");
	for (size_t i = 0; i < field_count; i++) {
		if (use_of(event, &fields[i]) == EVENT_NEVER)
			continue;
		expect_member("\t\t\t\t\t");
		expect("\"%s\": { \"$ref\": \"#/$defs/%s\" }", fields[i].name,
		    kinds[fields[i].type]);
		if (fields[i].type != EVENT_ERRNO)
			continue;
		expect_member("\t\t\t\t\t");
		expect("\"errno\": { \"$ref\": \"#/$defs/errno\" }");
	}
	expect("\n\t\t\t\t},\n");
}

static void
expect_required(const char *event)
{
	schema.between = "";
	expect("\t\t\t\t\"required\": [");
	for (size_t i = 0; i < field_count; i++) {
		if (use_of(event, &fields[i]) != EVENT_ALWAYS)
			continue;
		expect("%s\"%s\"", schema.between, fields[i].name);
		schema.between = ", ";
		if (fields[i].type == EVENT_ERRNO)
			expect(", \"errno\"");
	}
	expect("]\n");
}

static bool
has_fields(const char *event)
{
	for (size_t i = 0; i < field_count; i++)
		if (use_of(event, &fields[i]) != EVENT_NEVER)
			return true;
	return false;
}

static void
expect_names(void)
{
	schema.between = "";
	for (int i = 0; i < EVENTS; i++) {
		if (!is_first(i))
			continue;
		expect_member("\t\t\t\t");
		expect("\"%s\"", event_rows[i].name);
	}
	expect("\n\t\t\t]\n");
}

static void
expect_fields(void)
{
	const char *between = "";

	for (int i = 0; i < EVENTS; i++) {
		const char *event = event_rows[i].name;

		if (!is_first(i) || !has_fields(event))
			continue;
		expect("%s\n\t\t{\n", between);
		expect("\t\t\t\"if\": { \"properties\": { \"event\": { "
		       "\"const\": \"%s\" } } },\n",
		    event);
		expect("\t\t\t\"then\": {\n");
		expect_properties(event);
		expect_required(event);
		expect("\t\t\t}\n\t\t}");
		between = ",";
	}
	expect("\n\t],\n");
}

/* Compares what stands behind some text of the schema. */
static void
schema_has(const char *before, void (*expect_all)(void), const char *what)
{
	const char *page = read_page("contrib/log.schema.json");

	schema.at = page != NULL ? strstr(page, before) : NULL;
	if (schema.at != NULL)
		schema.at += strlen(before);
	expect_all();
	ok(schema.at != NULL, "the schema has %s, and no others", what);
}

/* The section of the manual, or NULL. */
static const char *
read_manual(void)
{
	const char *page = read_page("man/sockcat.1");

	return page != NULL ? strstr(page, "\n.Sh EVENTS AS JSON\n") : NULL;
}

/* Puts schema.at behind an item of the manual, and returns its end. */
static const char *
find_item(const char *section, const char *name)
{
	char item[128];
	const char *end;

	snprintf(item, sizeof(item), "\n.It Cm %s\n", name);
	schema.at = strstr(section, item);
	if (schema.at == NULL) {
		printf("# no item: %s\n", name);
		return NULL;
	}
	schema.at += strlen(item);
	for (end = schema.at; end != NULL && strncmp(end, "\n.It ", 5) != 0 &&
	     strncmp(end, "\n.El\n", 5) != 0;
	     end = strchr(end + 1, '\n'))
		continue;
	return end;
}

static void
expect_words(const char *event)
{
	bool is_first_line = true;

	schema.between = ".Cm";
	for (size_t i = 0; i < field_count; i++) {
		if (use_of(event, &fields[i]) != EVENT_ALWAYS)
			continue;
		expect("%s %s", schema.between, fields[i].name);
		schema.between = " ,";
		is_first_line = false;
	}
	schema.between = is_first_line ? "" : " ,\n";
	for (size_t i = 0; i < field_count; i++) {
		if (use_of(event, &fields[i]) != EVENT_AT_TIMES)
			continue;
		expect("%s.Op Cm %s", schema.between, fields[i].name);
		schema.between = " ,\n";
	}
	expect(" .");
}

static bool
manual_has_event(const char *section, const char *event)
{
	const char *end = find_item(section, event), *list;

	if (end == NULL)
		return false;
	list = strstr(schema.at, "\nFields:\n");
	if (list == NULL || list > end)
		return !has_fields(event);
	schema.at = list + strlen("\nFields:\n");
	expect_words(event);
	if (schema.at != end)
		printf("# other fields: %s\n", event);
	return schema.at == end;
}

static void
manual_has_all(void)
{
	const char *section = read_manual();
	bool has_events = section != NULL, has_names = section != NULL;
	int items = 0, wanted = 0;

	for (int i = 0; has_events && i < EVENTS; i++) {
		has_events = manual_has_event(section, event_rows[i].name);
		wanted += is_first(i);
	}
	ok(has_events, "the manual has every event, with its fields");
	for (size_t i = 0; has_names && i < field_count; i++) {
		if (fields[i].type == EVENT_WORDS)
			continue;
		has_names = find_item(section, fields[i].name) != NULL;
		wanted++;
	}
	ok(has_names, "the manual has every field");
	while (section != NULL &&
	    (section = strstr(section, "\n.It ")) != NULL &&
	    items++ < wanted + 4)
		if (strncmp(section += 5, "Cm descriptor\n", 14) == 0)
			break;
	ok(items == wanted + 4, "the manual has no others, but four members");
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
	manual_has_all();
	schema_has("\"enum\": [", expect_names, "the names of all rows");
	schema_has("\"allOf\": [", expect_fields, "the fields of all rows");
	return tap_end();
}
