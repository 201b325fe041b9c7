/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "observe/fields.h"

#include <string.h>

#define FIELD_ROW(type, name) \
	{ #name, type, offsetof(struct event_fields, name) },

const struct field fields[] = { EVENT_FIELDS(FIELD_ROW) };

const size_t field_count = sizeof(fields) / sizeof(fields[0]);

const struct field *
field_named(const char *text, size_t *length)
{
	*length = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
	for (size_t i = 0; i < field_count; i++)
		if (strncmp(fields[i].name, text, *length) == 0 &&
		    fields[i].name[*length] == '\0')
			return &fields[i];
	return NULL;
}

const void *
field_value(const struct field *f, const struct event_fields *values)
{
	return (const char *)values + f->offset;
}

static bool
end_is_set(const struct event_end *e)
{
	return e->name != NULL || e->address[0] != '\0';
}

bool
field_is_set(const struct field *f, const struct event_fields *values)
{
	const void *value = field_value(f, values);

	switch (f->type) {
	case EVENT_END:
		return end_is_set(value);
	case EVENT_TEXT:
	case EVENT_WORDS:
		return *(const char *const *)value != NULL;
	case EVENT_COUNT:
	case EVENT_PORT:
		return *(const uint64_t *)value != 0;
	case EVENT_SECONDS:
		return *(const double *)value > 0;
	case EVENT_ERRNO:
		return *(const int *)value != 0;
	}
	return false;
}
