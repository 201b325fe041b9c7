/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The descriptors that a process may have open, and how far they go.
 */
#ifndef SOCKCAT_RUN_DESCRIPTORS_H
#define SOCKCAT_RUN_DESCRIPTORS_H

#include <sys/resource.h>

#include <stddef.h>

/*
 * As many as the system allows: the soft limit becomes the hard one.  Returns
 * the soft one that was, or 0 where it is the same.  See getrlimit(2).
 */
rlim_t descriptors_raise(void);

/* For how many clients they last, if each takes so many; one at least. */
size_t descriptors_max_clients(size_t each);

#endif
