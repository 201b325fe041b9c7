/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Options that add up.
 */
#ifndef SOCKCAT_CLI_ACCESS_H
#define SOCKCAT_CLI_ACCESS_H

#include <stddef.h>

enum { WORDS_MOST = 64 /* that such an option may be given */ };

/* Ends with NULL. */
struct words {
	const char *items[WORDS_MOST + 1];
	size_t count;
};

/* --allow, --deny, and the files of the same. */
struct access_words {
	struct words allow, deny, allow_files, deny_files;
};

#endif
