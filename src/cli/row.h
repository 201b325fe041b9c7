/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A row of the table of options.
 */
#ifndef SOCKCAT_CLI_ROW_H
#define SOCKCAT_CLI_ROW_H

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

#endif
