/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "observe/as_json.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "codec/json.h"
#include "codec/printable.h"
#include "observe/as_text.h"
#include "observe/lines.h"

/* Text, escaped as in a line. */
static void
put_text(struct json *j, const char *name, const char *text, size_t max)
{
	char escaped[LINES_MAX];

	printable_escape(text, strlen(text), "", escaped, sizeof(escaped));
	json_text(j, name, escaped, max);
}

static void
put_end(struct json *j, const char *name, const struct event_end *e, size_t max)
{
	json_open(j, name);
	if (e->name != NULL)
		put_text(j, "name", e->name, max);
	if (e->address[0] != '\0')
		put_text(j, "address", e->address, max);
	if (e->port >= 0)
		json_integer(j, "port", e->port);
	json_close(j);
}

static void
put_field(struct json *j, const struct event_fields *values,
    const struct field *f, size_t max)
{
	const void *value = field_value(f, values);

	switch (f->type) {
	case EVENT_END:
		if (field_is_set(f, values))
			put_end(j, f->name, value, max);
		break;
	case EVENT_TEXT:
		if (field_is_set(f, values))
			put_text(j, f->name, *(const char *const *)value, max);
		break;
	case EVENT_WORDS:
		break;
	case EVENT_PORT:
		if (field_is_set(f, values))
			json_integer(
			    j, f->name, (int64_t) * (const uint64_t *)value);
		break;
	case EVENT_COUNT:
		json_integer(j, f->name, (int64_t) * (const uint64_t *)value);
		break;
	case EVENT_SECONDS:
		json_decimal(j, f->name, *(const double *)value);
		break;
	case EVENT_ERRNO:
		if (!field_is_set(f, values))
			break;
		put_text(j, f->name, strerror(*(const int *)value), max);
		json_integer(j, "errno", *(const int *)value);
		break;
	}
}

/* The time in UTC, to the millisecond (RFC 3339). */
static void
put_time(struct json *j)
{
	char date[32], text[48];
	struct timespec now;
	struct tm utc;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text, sizeof(text), "%s.%03ldZ", date, now.tv_nsec / 1000000);
	json_text(j, "time", text, sizeof(text));
}

/* Returns the length, 0 if it does not fit with texts of up to max bytes. */
static size_t
write_json(char *out, size_t size, const struct event_row *row,
    const struct event_fields *values, size_t max)
{
	static const char *const levels[] = { "info", "error", "info", "debug",
		"trace" };
	char line[LINES_MAX];
	struct json j;

	as_text(line, sizeof(line), row, values);
	json_begin(&j, out, size);
	put_time(&j);
	json_text(&j, "event", row->name, SIZE_MAX);
	json_text(&j, "level", levels[row->level], SIZE_MAX);
	put_text(&j, "message", line, max);
	for (size_t i = 0; i < field_count; i++)
		if (event_row_use(row, &fields[i]) != EVENT_NEVER)
			put_field(&j, values, &fields[i], max);
	return json_end(&j);
}

size_t
as_json(char *out, size_t size, const struct event_row *row,
    const struct event_fields *values)
{
	size_t length = 0;

	for (size_t max = size; length == 0; max /= 2)
		length = write_json(out, size, row, values, max);
	return length;
}
