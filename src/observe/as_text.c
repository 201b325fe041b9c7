/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "observe/as_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A line that is put together. */
struct line {
	char *text;
	size_t size, length;
};

__attribute__((__format__(__printf__, 2, 3))) static void
line_add(struct line *line, const char *what, ...)
{
	size_t left = line->size - line->length;
	va_list arguments;
	int n;

	va_start(arguments, what);
	n = vsnprintf(line->text + line->length, left, what, arguments);
	va_end(arguments);
	if (n > 0)
		line->length += (size_t)n < left ? (size_t)n : left - 1;
}

static void
line_add_end(struct line *line, const struct event_end *e, bool as_nc)
{
	bool has_address = e->address[0] != '\0';

	if (e->name != NULL && (!as_nc || !has_address))
		line_add(line, "%s", e->name);
	else if (e->port < 0)
		line_add(line, "%s", e->address);
	else
		line_add(line, "%s%s%" PRId64, e->address,
		    as_nc ? " " : " port ", e->port);
}

/* A number, and the noun of "item|items}" that agrees with it. */
static void
line_add_count(struct line *line, uint64_t count, const char *nouns)
{
	const char *bar = strchr(nouns, '|'), *end = strchr(nouns, '}');

	line_add(line, "%" PRIu64, count);
	if (*nouns == '}')
		return;
	if (count == 1)
		line_add(line, " %.*s", (int)(bar - nouns), nouns);
	else
		line_add(line, " %.*s", (int)(end - bar - 1), bar + 1);
}

static void
line_add_field(struct line *line, const struct event_fields *values,
    const struct field *f, const char *how)
{
	const void *value = field_value(f, values);

	switch (f->type) {
	case EVENT_END:
		line_add_end(line, value, *how == ':');
		break;
	case EVENT_TEXT:
	case EVENT_WORDS:
		line_add(line, "%s", *(const char *const *)value);
		break;
	case EVENT_COUNT:
	case EVENT_PORT:
		line_add_count(line, *(const uint64_t *)value,
		    *how == '|' ? how + 1 : how);
		break;
	case EVENT_SECONDS:
		if (*how == '.')
			line_add(
			    line, "%.*f", how[1] - '0', *(const double *)value);
		else
			line_add(line, "%g", *(const double *)value);
		break;
	case EVENT_ERRNO:
		line_add(line, "%s", strerror(*(const int *)value));
		break;
	}
}

/* Whether a part in [ ] has all its values. */
static bool
has_part(const char *part, const struct event_fields *values)
{
	const struct field *f;
	size_t length;

	for (; *part != ']'; part++)
		if (*part == '{' &&
		    (f = field_named(part + 1, &length)) != NULL &&
		    !field_is_set(f, values))
			return false;
	return true;
}

static void
line_fill(struct line *line, const char *row, const struct event_fields *values)
{
	const struct field *f;
	size_t length;
	bool is_part = false;

	for (const char *at = row; *at != '\0'; at++) {
		if (*at == '[' && at[1] != '[' && !has_part(at, values)) {
			at = strchr(at, ']');
		} else if (*at == '[' && at[1] != '[') {
			is_part = true;
		} else if (*at == ']' && is_part) {
			is_part = false;
		} else if (*at == '{') {
			f = field_named(at + 1, &length);
			line_add_field(line, values, f, at + 1 + length);
			at = strchr(at, '}');
		} else {
			at += *at == '[';
			line_add(line, "%c", *at);
		}
	}
}

size_t
as_text(char *out, size_t size, const struct event_row *row,
    const struct event_fields *values)
{
	struct line line = { .text = out, .size = size };

	out[0] = '\0';
	line_fill(&line, row->line, values);
	return line.length;
}
