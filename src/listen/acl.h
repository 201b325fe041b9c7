/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The access lists of a server as they were given, in options and files:
 * loaded at start, and loaded again while clients are served.
 */
#ifndef SOCKCAT_LISTEN_ACL_H
#define SOCKCAT_LISTEN_ACL_H

#include <stdbool.h>

struct address;
struct acl;
struct task;

/*
 * Arrays end with NULL; a NULL array is empty.  They and their strings must
 * live as long as the process.
 */
struct acl_options {
	const char *const *allow, *const *deny; /* --allow, --deny: a,b,c */
	/* --allowfile, --denyfile: blanks separate, # begins a comment */
	const char *const *allow_files, *const *deny_files;
	int family;   /* of what names resolve to: -4, -6, AF_UNSPEC */
	bool numeric; /* -n: no names */
};

/*
 * Reads the files and resolves the names, however long it takes.  Returns
 * NULL once it has reported what is wrong.
 */
struct acl *acl_load(const struct acl_options *);

typedef void acl_reloaded(void *context);

/* What the loop must drive, and free. */
struct task *acl_task(struct acl *);

/*
 * Begins to load the lists again, in a thread.  They replace the old ones
 * all at once; if anything is wrong the old ones stay, and a line says so.
 * While that is under way another call has it done once more afterwards.
 * Calls back, from a step of the loop, when lists are in force to stay; NULL:
 * nobody wants to know.
 */
void acl_reload(struct acl *, acl_reloaded *, void *context);

/* By the lists in force; see acl_lists_allows(). */
bool acl_allows(const struct acl *, const struct address *);

#endif
