/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* Options that may be repeated. */
#ifndef SOCKCAT_CLI_REPEATED_H
#define SOCKCAT_CLI_REPEATED_H

#include <stddef.h>

enum { REPEATED_MAX = 64 /* times that such an option may be given */ };

/* Ends with NULL. */
struct repeated {
	const char *items[REPEATED_MAX + 1];
	size_t count;
};

/* --allow, --deny, and the files of the same. */
struct repeated_access {
	struct repeated allow, deny, allow_files, deny_files;
};

#endif
