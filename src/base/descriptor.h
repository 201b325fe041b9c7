/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Settings of a descriptor, whose open file may be shared with processes that
 * must not be affected.
 */
#ifndef SOCKCAT_BASE_DESCRIPTOR_H
#define SOCKCAT_BASE_DESCRIPTOR_H

#include <fcntl.h>
#include <stdbool.h>

#ifndef O_DIRECT
#define O_DIRECT 0 /* no packet-mode pipes */
#endif

/*
 * Opens the file of a pipe or a terminal anew, non-blocking and closed on
 * exec, for an access mode that fd has, too: O_RDONLY or O_WRONLY.  Returns
 * a descriptor, or -1 where the system gives none.
 */
int descriptor_reopen(int fd, int access);

/*
 * Replaces fd by /dev/null, opened with flags.  The number is never free
 * meanwhile, when a thread might open something.  Returns 0, or -1 with errno.
 */
int descriptor_blank(int fd, int flags);

/*
 * Whether calls wait, for every process that shares the file.  Returns 0, or -1
 * with errno.
 */
int descriptor_set_blocking(int fd, bool is_blocking);

/* Whether both refer to the same file, by its inode. */
bool descriptor_is_same(int one, int other);

#endif
