/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Who may connect to a server: access lists that are loaded at start, and
 * loaded again while clients are served.
 */
#ifndef SOCKCAT_LISTEN_ACL_H
#define SOCKCAT_LISTEN_ACL_H

#include <stdbool.h>

struct acl;
struct acl_sources;
struct address;
struct task;

/*
 * Reads the sources (listen/acl_sources.h), however long that takes.  Returns
 * NULL once it has reported what is wrong.
 */
struct acl *acl_new(const struct acl_sources *);

/* What the loop must drive, and free. */
struct task *acl_task(struct acl *);

typedef void acl_reloaded(void *context);

/*
 * Begins to load the lists again, in a thread.  They replace the old ones
 * all at once; if anything is wrong the old ones stay, and a line says so.
 * A call while that is under way has it done once more afterwards.  When no
 * load is left to be done, reloaded is called, which may be NULL.
 */
void acl_reload(struct acl *, acl_reloaded *, void *context);

/* By the lists in force; see acl_lists_allows(). */
bool acl_allows(const struct acl *, const struct address *);

#endif
