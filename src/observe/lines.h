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

/* The last chance to say how many were lost. */
void lines_end(void);

#endif
