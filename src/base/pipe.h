/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * How much a pipe holds: pipe(7), fcntl(2).
 */
#ifndef SOCKCAT_BASE_PIPE_H
#define SOCKCAT_BASE_PIPE_H

/*
 * Lets a pipe hold as much as the system allows.  Returns the size in bytes
 * to restore, or 0: a refusal costs speed, no more.
 */
int pipe_grow(int fd);

/*
 * Gives a pipe the size that pipe_grow() returned.  The system refuses while
 * more is in it than it held before.
 */
void pipe_restore(int fd, int size);

#endif
