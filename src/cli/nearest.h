/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Words that are nearly the same.
 */
#ifndef SOCKCAT_CLI_NEAREST_H
#define SOCKCAT_CLI_NEAREST_H

#include <stddef.h>

/*
 * How many letters of a word, length bytes long, must be put in, left out,
 * replaced, or exchanged with the next to make it another.  Words longer
 * than 63 bytes are far from all.
 */
int nearest_distance(const char *word, size_t length, const char *other);

/* The greatest distance at which a word of that length is a slip of the pen. */
int nearest_limit(size_t length);

#endif
