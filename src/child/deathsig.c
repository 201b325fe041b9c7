/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "child/deathsig.h"

#include <sys/prctl.h>

#include <errno.h>
#include <unistd.h>

int
deathsig_set(int number, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, number) == -1)
		return -1;
	/* If the parent died before that call, there is another one now. */
	if (getppid() == parent)
		return 0;
	errno = ESRCH;
	return -1;
}
