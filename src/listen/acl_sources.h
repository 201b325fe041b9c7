/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Where access lists come from: options, and the files that they name.
 */
#ifndef SOCKCAT_LISTEN_ACL_SOURCES_H
#define SOCKCAT_LISTEN_ACL_SOURCES_H

#include <stdbool.h>

struct acl_lists;

/*
 * Arrays end with NULL; a NULL array is empty.  They and their strings must
 * live as long as the process.
 */
struct acl_sources {
	const char *const *allow, *const *deny; /* --allow, --deny: a,b,c */
	/* --allowfile, --denyfile: blanks separate, # begins a comment */
	const char *const *allow_files, *const *deny_files;
	int family;   /* of what names resolve to: -4, -6, AF_UNSPEC */
	bool numeric; /* -n: no names */
};

enum { ACL_SOURCES_ERROR = 1024 };

/*
 * Reads all of them into lists, which must be all zero, and which the caller
 * clears in any case.  Resolves names, however long that takes.  Returns
 * false and in error what is wrong; it logs nothing, and may run in a thread.
 */
bool acl_sources_read(const struct acl_sources *, struct acl_lists *,
    char error[ACL_SOURCES_ERROR]);

#endif
