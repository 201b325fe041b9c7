/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Lines to standard error.  A line that is too long is cut, never split: a
 * reader of the log finds one event a line.
 */
#include "observe/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum log_level level = LOG_ERRORS;

void
log_set_level(enum log_level wanted)
{
	level = wanted;
}

bool
log_enabled(enum log_level wanted)
{
	return wanted <= level;
}

__attribute__((__format__(__printf__, 2, 0))) static void
put(const char *prefix, const char *format, va_list arguments)
{
	char line[2048];
	size_t length = strlcpy(line, prefix, sizeof(line));
	int n = vsnprintf(
	    line + length, sizeof(line) - length - 1, format, arguments);

	if (n < 0)
		return;
	length = strlen(line);
	line[length++] = '\n';
	/* There is nowhere to report that a report cannot be written. */
	if (write(STDERR_FILENO, line, length) == -1)
		return;
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
