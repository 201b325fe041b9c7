/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A signal that a process gets when its parent dies.
 */
#ifndef SOCKCAT_CHILD_DEATHSIG_H
#define SOCKCAT_CHILD_DEATHSIG_H

#include <sys/types.h>

/*
 * To be called in a child: it gets the signal when the thread that started it
 * ends, prctl(2).  execve(2) keeps that, unless it changes the user.  Returns
 * 0, or -1 with errno, ESRCH if the parent has died already.  Does nothing
 * where the system has no such signal.
 */
int deathsig_set(int number, pid_t parent);

#endif
