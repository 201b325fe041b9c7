/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* The edit distance of words. */
#ifndef SOCKCAT_CLI_NEAREST_H
#define SOCKCAT_CLI_NEAREST_H

#include <stddef.h>

/*
 * How many letters of a word, length bytes long, must be inserted, deleted,
 * replaced, or exchanged with the next to make it another.  Words longer than
 * 63 bytes are far from every other.
 */
int nearest_distance(const char *word, size_t length, const char *other);

/*
 * The greatest distance at which a word of that length counts as a typing
 * error.
 */
int nearest_limit(size_t length);

#endif
