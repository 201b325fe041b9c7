/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * bind(2) is the test whether a path is free: it never replaces anything.  Only
 * when it fails is the existing file examined.
 */
#include "net/unixpath.h"

#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/address.h"
#include "net/address_text.h"

static void
close_quietly(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

/*
 * Whether any process has the socket at an address open.  A datagram socket
 * tries to connect, since that leaves no client in a listener's queue: it fails
 * with EPROTOTYPE if the listener exists, with ECONNREFUSED if it is dead.
 */
static bool
is_dead(const struct address *address)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool dead;

	if (fd == -1)
		return false;
	dead = connect(fd, address_sockaddr(address), address->length) == -1 &&
	    errno == ECONNREFUSED;
	close_quietly(fd);
	return dead;
}

/* Removes a dead socket.  Returns 0, or -1 with the reason to keep it. */
static int
clear_way(const struct address *address, const char *path)
{
	struct stat st;

	if (lstat(path, &st) == -1)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISSOCK(st.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	if (!is_dead(address)) {
		if (errno != EACCES)
			errno = EADDRINUSE;
		return -1;
	}
	return unlink(path);
}

/*
 * Locks the directory of a path, so that of two processes that find the same
 * dead socket only one replaces it.  This never waits.  Returns a descriptor to
 * close, or -1 with errno: EAGAIN while another process has the lock.
 */
static int
lock_directory(const char *path)
{
	char copy[ADDRESS_PATH];
	int fd;

	strlcpy(copy, path, sizeof(copy));
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	/* Without a lock another process may be taking the socket over. */
	if (errno != EWOULDBLOCK && errno != EINTR)
		errno = EADDRINUSE;
	else
		errno = EAGAIN;
	close_quietly(fd);
	return -1;
}

static int
bind_mode(int fd, const struct address *address, int mode)
{
	mode_t before;
	int result, saved;

	if (mode < 0)
		return bind(fd, address_sockaddr(address), address->length);
	/* chmod(2) afterwards would leave the path open for a moment. */
	before = umask(~(mode_t)mode & 0777);
	result = bind(fd, address_sockaddr(address), address->length);
	saved = errno;
	umask(before);
	errno = saved;
	return result;
}

/* What identifies the file, should another one replace it. */
static int
remember(struct unixpath *bound, const char *path)
{
	struct stat st;

	if (lstat(path, &st) == -1) {
		int saved = errno;

		if (saved != ENOENT)
			unlink(path);
		errno = saved;
		return -1;
	}
	strlcpy(bound->path, path, sizeof(bound->path));
	bound->device = st.st_dev;
	bound->inode = st.st_ino;
	return 0;
}

/* bind(2) to a path that exists. */
static int
take_over(int fd, const struct address *address, const char *path, int mode)
{
	int lock = lock_directory(path), result;

	if (lock == -1)
		return -1;
	result = clear_way(address, path);
	if (result == 0)
		result = bind_mode(fd, address, mode);
	close_quietly(lock);
	return result;
}

int
unixpath_bind(
    int fd, const struct address *address, int mode, struct unixpath *bound)
{
	char path[ADDRESS_PATH];

	if (!address_path(address, path))
		return bind(fd, address_sockaddr(address), address->length);
	if (bind_mode(fd, address, mode) == -1 &&
	    (errno != EADDRINUSE || take_over(fd, address, path, mode) == -1))
		return -1;
	return remember(bound, path);
}

/* In the folder: a directory for each socket, and the socket's name in it. */
static const char private_directory[] = "/sockcat.XXXXXXXX";
static const char private_name[] = "/socket";

const char *
unixpath_private_parent(void)
{
	const char *parent = getenv("TMPDIR");

	return parent == NULL || parent[0] == '\0' ? "/tmp" : parent;
}

size_t
unixpath_private_max(void)
{
	return ADDRESS_UNIX_MAX - strlen(private_directory) -
	    strlen(private_name);
}

int
unixpath_bind_private(int fd, struct unixpath *bound)
{
	const char *parent = unixpath_private_parent();
	struct address address;
	char path[sizeof(bound->directory) + sizeof(private_name)];
	int saved;

	if (strlen(parent) > unixpath_private_max()) {
		errno = ENAMETOOLONG;
		return -1;
	}
	/* The directory is new and private, so no name in it is taken. */
	snprintf(bound->directory, sizeof(bound->directory), "%s%s", parent,
	    private_directory);
	if (mkdtemp(bound->directory) == NULL) {
		bound->directory[0] = '\0';
		return -1;
	}
	snprintf(path, sizeof(path), "%s%s", bound->directory, private_name);
	if (address_set_unix(&address, path) == 0 &&
	    unixpath_bind(fd, &address, -1, bound) == 0)
		return 0;
	saved = errno;
	unixpath_remove(bound);
	errno = saved;
	return -1;
}

void
unixpath_remove(struct unixpath *bound)
{
	struct stat st;

	if (bound->path[0] != '\0' && lstat(bound->path, &st) == 0 &&
	    st.st_dev == bound->device && st.st_ino == bound->inode)
		unlink(bound->path);
	if (bound->directory[0] != '\0')
		rmdir(bound->directory);
	*bound = (struct unixpath){ 0 };
}
