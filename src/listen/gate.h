/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The access lists of a server as they were given, in options and files:
 * loaded at start, and loaded again while clients are served.
 */
#ifndef SOCKCAT_LISTEN_GATE_H
#define SOCKCAT_LISTEN_GATE_H

#include <stdbool.h>

struct address;
struct gate;
struct task;

/*
 * Arrays end with NULL; a NULL array is empty.  They and their strings must
 * live as long as the process.
 */
struct gate_options {
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
struct gate *gate_load(const struct gate_options *);

typedef void gate_reloaded(void *context);

/* What the loop must drive, and free. */
struct task *gate_task(struct gate *);

/*
 * Begins to load the lists again, in a thread.  They replace the old ones
 * all at once; if anything is wrong the old ones stay, and a line says so.
 * While that is under way another call has it done once more afterwards.
 * Calls back, from a step of the loop, when lists are in force to stay; NULL:
 * nobody wants to know.
 */
void gate_reload(struct gate *, gate_reloaded *, void *context);

/* By the lists in force; see access_allows(). */
bool gate_lets_in(const struct gate *, const struct address *);

#endif
