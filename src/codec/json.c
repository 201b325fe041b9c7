/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "codec/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
json_bytes(struct json *j, const char *bytes, size_t length)
{
	if (j->is_cut || length > j->size - j->length) {
		j->is_cut = true;
		return;
	}
	memcpy(j->out + j->length, bytes, length);
	j->length += length;
}

__attribute__((__format__(__printf__, 2, 3))) static void
json_printf(struct json *j, const char *format, ...)
{
	char text[64];
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (n >= 0 && (size_t)n < sizeof(text))
		json_bytes(j, text, (size_t)n);
	else
		j->is_cut = true;
}

/* RFC 8259, section 7: quotes, backslashes and control characters. */
static void
json_string(struct json *j, const char *text, size_t length)
{
	json_bytes(j, "\"", 1);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20)
			json_printf(j, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			json_printf(j, "\\%c", c);
		else
			json_bytes(j, text + i, 1);
	}
	json_bytes(j, "\"", 1);
}

static void
json_name(struct json *j, const char *name)
{
	if (j->has_member)
		json_bytes(j, ",", 1);
	j->has_member = true;
	json_string(j, name, strlen(name));
	json_bytes(j, ":", 1);
}

/* The length of as many whole characters as max bytes hold. */
static size_t
whole_characters(const char *text, size_t max)
{
	size_t length = strnlen(text, max);

	if (text[length] == '\0')
		return length;
	while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

void
json_begin(struct json *j, char *out, size_t size)
{
	*j = (struct json){ .out = out, .size = size };
	json_bytes(j, "{", 1);
}

void
json_text(struct json *j, const char *name, const char *text, size_t max)
{
	json_name(j, name);
	json_string(j, text, whole_characters(text, max));
}

void
json_integer(struct json *j, const char *name, int64_t value)
{
	json_name(j, name);
	json_printf(j, "%lld", (long long)value);
}

void
json_decimal(struct json *j, const char *name, double value)
{
	json_name(j, name);
	json_printf(j, "%.6f", value);
}

void
json_open(struct json *j, const char *name)
{
	json_name(j, name);
	json_bytes(j, "{", 1);
	j->has_member = false;
}

void
json_close(struct json *j)
{
	json_bytes(j, "}", 1);
	j->has_member = true;
}

size_t
json_end(struct json *j)
{
	json_close(j);
	return j->is_cut ? 0 : j->length;
}
