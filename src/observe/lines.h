/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Standard error, line by line.  Nobody waits for whoever reads it: what it
 * does not take at once is lost, counted, and the number said when it takes
 * something again.
 */
#ifndef SOCKCAT_OBSERVE_LINES_H
#define SOCKCAT_OBSERVE_LINES_H

#include <stddef.h>

/* The longest line, its newline included: a pipe takes it whole or not. */
enum { LINES_MAX = 2048 };

void lines_put(const char *line, size_t length);

/*
 * How the lines that were lost are told: writes a line with its newline, of
 * no more than LINES_MAX bytes, and returns its length.
 */
typedef size_t lines_lost(size_t count, char out[LINES_MAX]);

/* NULL: as text. */
void lines_set_lost(lines_lost *);

/* The last chance to say how many were lost. */
void lines_end(void);

#endif
