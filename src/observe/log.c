/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A line that is too long is cut, never split: a reader of the log finds one
 * event a line.  What is not printable is escaped here, for every line, so
 * that nobody has to think of who chose a name, a path or a reason.
 */
#include "observe/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/printable.h"
#include "observe/lines.h"

static enum log_level level = LOG_ERRORS;

void
log_set_verbosity(int count)
{
	level = count < LOG_CALLS - LOG_ERRORS ? LOG_ERRORS + count : LOG_CALLS;
}

bool
log_enabled(enum log_level wanted)
{
	return wanted <= level;
}

__attribute__((__format__(__printf__, 2, 0))) static void
put(const char *prefix, const char *format, va_list arguments)
{
	char text[LINES_MAX], line[LINES_MAX];
	size_t length = strlcpy(text, prefix, sizeof(text));
	int n =
	    vsnprintf(text + length, sizeof(text) - length, format, arguments);

	if (n < 0)
		return;
	length = printable_escape(text, strlen(text), "", line, sizeof(line));
	line[length++] = '\n';
	lines_put(line, length);
}

void
log_error(const char *format, ...)
{
	char prefix[64];
	va_list arguments;

	snprintf(prefix, sizeof(prefix), "%s: ", getprogname());
	va_start(arguments, format);
	put(prefix, format, arguments);
	va_end(arguments);
}

void
log_line(enum log_level wanted, const char *format, ...)
{
	va_list arguments;

	if (!log_enabled(wanted))
		return;
	va_start(arguments, format);
	put("", format, arguments);
	va_end(arguments);
}

void
log_end(void)
{
	lines_end();
}
