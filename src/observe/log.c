/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A line that is too long is cut, never split.  What is not printable is
 * escaped here, so that no caller has to think of who chose a name or a path.
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

void
log_error(const char *format, ...)
{
	char text[LINES_MAX], line[LINES_MAX];
	size_t length =
	    (size_t)snprintf(text, sizeof(text), "%.32s: ", getprogname());
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + length, sizeof(text) - length, format, arguments);
	va_end(arguments);
	length =
	    printable_escape(text, strlen(text), "", line, sizeof(line) - 1);
	line[length++] = '\n';
	lines_put(line, length);
}

void
log_end(void)
{
	lines_end();
}
