/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A new process for a command, posix_spawnp(3), that shares nothing with
 * this one but standard error and what its parent has handed down.
 */
#ifndef SOCKCAT_NET_SPAWN_H
#define SOCKCAT_NET_SPAWN_H

#include <sys/resource.h>
#include <sys/types.h>

struct child_peer;

/* What the command gets as standard input and output. */
struct spawn_files {
	int in, out;       /* may be the same one */
	char terminal[64]; /* its path, in the place of both; empty: none */
};

/*
 * Starts a command in a process group of its own, on a terminal in a session
 * of its own.  The soft limit of descriptors is file_limit for it (0: ours).
 * Returns 0 and sets *pid, or returns -1 with errno, also if it cannot be
 * executed.
 */
int spawn_command(char *const *argv, const struct child_peer *,
    const struct spawn_files *, rlim_t file_limit, pid_t *pid);

#endif
