/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "observe/event.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/printable.h"
#include "observe/as_json.h"
#include "observe/as_text.h"
#include "observe/lines.h"

static enum event_format format = EVENT_AS_TEXT;

/* A line with its newline.  Returns the length. */
static size_t
text_line(
    char out[LINES_MAX], enum event_id id, const struct event_fields *values)
{
	const struct event_row *row = &event_rows[id];
	char text[LINES_MAX];
	size_t length = 0;

	if (row->level == LOG_ERRORS)
		length = (size_t)snprintf(
		    text, sizeof(text), "%.32s: ", getprogname());
	length += as_text(text + length, sizeof(text) - length, row, values);
	length = printable_escape(text, length, "", out, LINES_MAX - 1);
	out[length++] = '\n';
	return length;
}

static size_t
json_line(
    char out[LINES_MAX], enum event_id id, const struct event_fields *values)
{
	size_t length = as_json(out, LINES_MAX - 1, &event_rows[id], values);

	out[length++] = '\n';
	return length;
}

static size_t
event_line(
    char out[LINES_MAX], enum event_id id, const struct event_fields *values)
{
	if (format == EVENT_AS_JSON)
		return json_line(out, id, values);
	return text_line(out, id, values);
}

static size_t
lost_line(size_t count, char out[LINES_MAX])
{
	const struct event_fields values = { .count = count };

	return event_line(out, EVENT_LINES_LOST, &values);
}

void
event_set_format(enum event_format wanted)
{
	format = wanted;
	lines_set_lost(lost_line);
}

void
event_print(enum event_id id, const struct event_fields *values)
{
	char out[LINES_MAX];
	int error = errno;

	lines_put(out, event_line(out, id, values));
	errno = error;
}
