/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Commands that run for clients: each has its client's socket, or is behind
 * a stream.  Each is in a process group of its own, so that it ends with all
 * that it started.
 */
#ifndef SOCKCAT_CHILD_CHILD_H
#define SOCKCAT_CHILD_CHILD_H

#include <sys/resource.h>

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct child;
struct children;
struct stream;
struct task;

struct child_command {
	char *const *argv; /* argv[0] is found through PATH */
	bool has_pty;      /* behind a terminal, not behind pipes */
};

/*
 * Called once a command has ended, with its status as waitpid(2) gives it,
 * within children_reap().  The child is freed afterwards.
 */
typedef void child_done(void *context, int status);

/*
 * All the commands: one task, which never ends by itself.  When the loop
 * frees it, commands that still run get SIGTERM, and their end is not
 * reported.  Commands get the default action for the signals in handled, a
 * set that may change and must outlive the task.  Takes variables that are
 * not for commands out of our environment.  Returns NULL with errno.
 */
struct children *children_new(const sigset_t *handled);
struct task *children_task(struct children *);

/*
 * To be called before the first command: the soft limit of descriptors that
 * commands get (0, the default: ours), and the milliseconds that they have
 * between SIGTERM and SIGKILL (the default: 5000).
 */
void children_set_file_limit(struct children *, rlim_t);
void children_set_patience(struct children *, int64_t milliseconds);

/*
 * To be called from a step of the loop after SIGCHLD, which must be handled,
 * not ignored.  Nothing else in the program waits for children.  Children
 * from before its execve(2), which it does not know, are reaped as well.
 */
void children_reap(struct children *);

bool children_are_running(const struct children *);

/*
 * Starts a command with its client's socket as standard input and output.
 * The stream stays the caller's, but its socket is blocking from then on, as
 * commands expect.  Returns NULL with errno, also if the command cannot be
 * executed.
 */
struct child *child_start_on(struct children *, const struct child_command *,
    struct stream *client, child_done *, void *context);

/*
 * Starts a command behind a stream of its own, *local, which is the caller's
 * to free, before the child has ended or after.  The client is only what the
 * environment tells of.  Returns NULL with errno, and no stream.
 */
struct child *child_start(struct children *, const struct child_command *,
    struct stream *client, struct stream **local, child_done *, void *context);

/*
 * Ends the command, because its client has left: SIGTERM for its process
 * group, and SIGKILL when its time is over.  Its end is still reported.  A
 * second call does nothing.
 */
void child_end(struct child *);

#endif
