/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A signal that a process gets when its parent dies.
 */
#ifndef SOCKCAT_CHILD_DEATHSIG_H
#define SOCKCAT_CHILD_DEATHSIG_H

#include <sys/types.h>

/*
 * In a child, before execve(2), which keeps it unless it changes the user:
 * the signal that comes when the thread which started it has ended.  Returns
 * 0, or -1 with errno ESRCH if parent has died already.  Nothing happens
 * where the system has no such signal.
 */
int deathsig_set(int number, pid_t parent);

#endif
