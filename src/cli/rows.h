/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The table of options: a row each.
 */
#ifndef SOCKCAT_CLI_ROWS_H
#define SOCKCAT_CLI_ROWS_H

#include <stdbool.h>
#include <stddef.h>

struct options;
struct row;

/* Returns NULL, or what is allowed. */
typedef const char *setter(const struct row *, struct options *, const char *);

struct row {
	char letter;          /* 0: none */
	const char *name;     /* NULL: none */
	const char *argument; /* NULL: none */
	const char *help;
	setter *set;
	size_t member;
	long long least, max;
};

extern const struct row option_rows[];
extern const int option_count;

/* Whether two rows are spellings of the same option. */
bool row_is_alias(const struct row *, const struct row *);

#endif
