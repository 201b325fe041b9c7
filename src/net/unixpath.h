/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The paths of unix-domain sockets: only dead sockets are replaced, and only a
 * path of our own is removed.
 */
#ifndef SOCKCAT_NET_UNIXPATH_H
#define SOCKCAT_NET_UNIXPATH_H

#include <sys/types.h>

#include <stddef.h>

struct address;

/* A path that this process has bound.  All zero: none. */
struct unixpath {
	char path[128];
	char directory[128]; /* made for it alone; empty: none */
	dev_t device;
	ino_t inode;
};

enum {
	UNIXPATH_RETRY_MS = 10,
	UNIXPATH_LOCK_MS = 3000, /* taking over takes far less */
};

/*
 * Binds fd to a path or an abstract name, the file's mode cut down to mode
 * (-1: as umask(2) has it).  A socket that no process has open any more is
 * replaced.  Returns 0, or -1 with errno: EEXIST for a file that is no
 * socket, EADDRINUSE for a socket in use, EAGAIN while another process has
 * the directory locked: ask again after UNIXPATH_RETRY_MS, for at most
 * UNIXPATH_LOCK_MS.
 */
int unixpath_bind(
    int fd, const struct address *, int mode, struct unixpath *bound);

/*
 * Binds fd to a private path below TMPDIR, so that a peer can answer.  Returns
 * 0, or -1 with errno.
 */
int unixpath_bind_private(int fd, struct unixpath *bound);

/* The folder for that, and how many bytes its name may have. */
const char *unixpath_private_parent(void);
size_t unixpath_private_max(void);

/*
 * Removes the path if it is still the one that was bound.  Call it before the
 * socket is closed: afterwards the path is a dead socket, and another process
 * may take it over before it is removed.
 */
void unixpath_remove(struct unixpath *);

#endif
