/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Lines on standard error, one write(2) each, without blocking.
 */
#ifndef SOCKCAT_OBSERVE_LOG_H
#define SOCKCAT_OBSERVE_LOG_H

#include <stdbool.h>

enum log_level {
	LOG_ALWAYS, /* what was asked for, without our name */
	LOG_ERRORS, /* always said */
	LOG_EVENTS, /* -v: what nc says */
	LOG_STATES, /* -vv: states, addresses tried */
	LOG_CALLS,  /* -vvv: what was read and written */
};

/* As many -v as were given; more than there are levels count as the last. */
void log_set_verbosity(int count);
bool log_enabled(enum log_level);

/* "sockcat: what: why": what is wrong with the command line, for cli/. */
void log_error(const char *format, ...)
    __attribute__((__format__(__printf__, 1, 2)));

/* Reports the number of lines that were lost, if that is possible. */
void log_end(void);

#endif
