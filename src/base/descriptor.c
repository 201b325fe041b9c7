/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "base/descriptor.h"

#include <sys/ioctl.h>
#include <sys/stat.h>

#include <stdio.h>
#include <termios.h>
#include <unistd.h>

int
descriptor_reopen(int fd, int access)
{
	int flags = fcntl(fd, F_GETFL), own;
	char path[32];

	if (flags == -1)
		return -1;
	if ((flags & O_ACCMODE) != O_RDWR && (flags & O_ACCMODE) != access)
		return -1;
	/* A pipe in packet mode stays one. */
	flags &= O_APPEND | O_DIRECT;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	flags |= O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	own = open(path, access | flags);
	/*
	 * A terminal of another user cannot be opened through /proc, but by its
	 * name.
	 */
	if (own == -1 && isatty(fd) && tcgetsid(fd) != -1)
		own = open("/dev/tty", access | flags);
	return own;
}

int
descriptor_blank(int fd, int flags)
{
	int null = open("/dev/null", flags | O_CLOEXEC);
	int result;

	if (null == -1)
		return -1;
	result = dup2(null, fd);
	close(null);
	return result == -1 ? -1 : 0;
}

int
descriptor_set_blocking(int fd, bool is_blocking)
{
	int never_waits = !is_blocking;

	return ioctl(fd, FIONBIO, &never_waits);
}

bool
descriptor_is_same(int one, int other)
{
	struct stat a, b;

	return fstat(one, &a) == 0 && fstat(other, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
