/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A command's standard input and output as a stream: two pipes, or a
 * pseudo-terminal (pty(7)).  SIGPIPE must be ignored to write.
 */
#ifndef SOCKCAT_CHILD_CHILDIO_H
#define SOCKCAT_CHILD_CHILDIO_H

struct spawn_files;
struct stream;

/*
 * Returns the stream and sets *theirs, what the command is to be spawned
 * with and the caller closes afterwards; or NULL with errno.  The name of
 * the command is for error lines.
 */
struct stream *childio_pipes(const char *name, struct spawn_files *theirs);
struct stream *childio_pty(const char *name, struct spawn_files *theirs);

/* Closes what a command has been spawned with. */
void childio_close_theirs(struct spawn_files *theirs);

#endif
