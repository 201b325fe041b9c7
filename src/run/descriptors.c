/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A client that is accepted without enough descriptors for a session could only
 * be turned away.  In the system's queue it can wait.
 */
#include "run/descriptors.h"

#include <stdint.h>

/*
 * Reserved: the standard streams, listening sockets, and what is open for a
 * moment while a client is checked, a name looked up, or a command started.
 */
enum { OWN = 16 };

rlim_t
descriptors_raise(void)
{
	struct rlimit limit;
	rlim_t before;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return 0;
	before = limit.rlim_cur;
	if (before == limit.rlim_max)
		return 0;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	return before;
}

size_t
descriptors_max_clients(size_t each)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1 ||
	    limit.rlim_cur == RLIM_INFINITY)
		return SIZE_MAX;
	if (limit.rlim_cur < OWN + each)
		return 1;
	return (size_t)(limit.rlim_cur - OWN) / each;
}
