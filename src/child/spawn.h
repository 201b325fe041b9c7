/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A new process for a command.  It inherits standard error, and nothing that
 * struct spawn_rules excludes.
 */
#ifndef SOCKCAT_CHILD_SPAWN_H
#define SOCKCAT_CHILD_SPAWN_H

#include <sys/resource.h>
#include <sys/types.h>

#include <signal.h>

struct stream;

/*
 * What the command gets as standard input and output, or as its terminal:
 * standard input, output and error.
 */
struct spawn_files {
	int in, out;       /* may be the same one */
	char terminal[64]; /* its path, instead; empty: none */
};

/* What is not for the command to inherit. */
struct spawn_rules {
	const sigset_t *handled; /* signals that we handle, besides SIGPIPE */
	rlim_t file_limit;       /* instead of our soft one; 0: the same */
};

/*
 * Starts a command, found as by execvp(3), in a process group of its own, and
 * on a terminal in a session of its own.  Its environment tells of the
 * client.  It gets SIGTERM when we die for any reason, if the system can do
 * that (deathsig_set()).  Returns 0 and sets *pid, or returns -1 with errno,
 * also if it cannot be executed.
 */
int spawn_command(char *const *argv, struct stream *client,
    const struct spawn_files *, const struct spawn_rules *, pid_t *pid);

#endif
