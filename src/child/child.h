/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Commands that run for clients, each with its client's socket or behind a
 * stream, and each in a process group of its own, so that it ends with all
 * that it started.
 */
#ifndef SOCKCAT_CHILD_CHILD_H
#define SOCKCAT_CHILD_CHILD_H

#include <sys/resource.h>

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct address;
struct child;
struct children;
struct stream;
struct task;

struct child_command {
	char *const *argv; /* argv[0] is found through PATH */
	bool has_pty;      /* behind a terminal, not behind pipes */
};

/* What the command's environment says of its client, as far as is known. */
struct child_peer {
	const struct address *remote, *local; /* NULL or empty: unknown */
	const char *protocol;                 /* NULL: unknown */
};

/*
 * Called once a command has ended, with its status as waitpid(2) gives it,
 * within children_reap().  The child is freed afterwards.
 */
typedef void child_done(void *context, int status);

/*
 * All the commands: one task, which never ends by itself.  When the loop
 * frees it, those that still run are told to end, by SIGTERM, and nobody is
 * called any more.  For the signals that are handled, a set that may change
 * and must last, commands get the default action.  What commands are not to
 * inherit leaves our environment, too.  Returns NULL with errno.
 */
struct children *children_new(const sigset_t *handled);
struct task *children_task(struct children *);

/*
 * Before the first command: the soft limit of descriptors that commands get
 * (0, the default: ours), and for how many milliseconds after SIGTERM they
 * may live (the default: 5000).
 */
void children_set_file_limit(struct children *, rlim_t);
void children_set_patience(struct children *, int64_t milliseconds);

/*
 * To be called from a step of the loop after SIGCHLD, which must be handled,
 * not ignored.  Nothing else in the program waits for children: those that
 * it was executed with, and does not know, are reaped as well.
 */
void children_reap(struct children *);

bool children_are_any(const struct children *);

/*
 * The command with a connected stream socket as its standard input and
 * output.  The socket stays the caller's, but it waits once the command is
 * started, as commands expect.  Returns NULL with errno, also if the command
 * cannot be executed.
 */
struct child *child_start_on(struct children *, const struct child_command *,
    const struct child_peer *, int fd, child_done *, void *context);

/*
 * The command behind a stream, *local, which is the caller's to free, before
 * the child has ended or after.  Returns NULL with errno, and no stream.
 */
struct child *child_start(struct children *, const struct child_command *,
    const struct child_peer *, struct stream **local, child_done *,
    void *context);

/*
 * Ends the command, because its client is gone: SIGTERM for its process
 * group, SIGKILL when the patience is over.  It is still reported when it
 * has ended.  Nothing happens the second time.
 */
void child_end(struct child *);

#endif
