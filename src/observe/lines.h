/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Standard error, line by line, without ever blocking: lines that it does not
 * take at once are lost and counted, and their number is reported when it takes
 * something again.
 */
#ifndef SOCKCAT_OBSERVE_LINES_H
#define SOCKCAT_OBSERVE_LINES_H

#include <stddef.h>

/* The longest line, newline included: a pipe takes all of it or nothing. */
enum { LINES_MAX = 2048 };

void lines_put(const char *line, size_t length);

/*
 * Writes the line that tells how many were lost, with its newline, of no more
 * than LINES_MAX bytes, and returns its length.
 */
typedef size_t lines_lost(size_t count, char out[LINES_MAX]);

/* Until this is called, lost lines are counted and not told. */
void lines_set_lost(lines_lost *);

/* The last chance to report how many were lost. */
void lines_end(void);

#endif
