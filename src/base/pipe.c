/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "base/pipe.h"

#include <fcntl.h>
#include <stdio.h>

/* The system's default, if /proc is not mounted. */
enum { DEFAULT_LIMIT = 1024 * 1024 };

static int
pipe_size_limit(void)
{
	FILE *file = fopen("/proc/sys/fs/pipe-max-size", "re");
	int size = DEFAULT_LIMIT;

	if (file == NULL)
		return size;
	if (fscanf(file, "%d", &size) != 1)
		size = DEFAULT_LIMIT;
	fclose(file);
	return size;
}

int
pipe_grow(int fd)
{
	int size = fcntl(fd, F_GETPIPE_SZ), limit = pipe_size_limit();

	if (size == -1 || size >= limit || fcntl(fd, F_SETPIPE_SZ, limit) == -1)
		return 0;
	return size;
}

void
pipe_restore(int fd, int size)
{
	if (size != 0)
		fcntl(fd, F_SETPIPE_SZ, size);
}
