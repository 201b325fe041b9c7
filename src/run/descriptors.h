/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* The limit of open descriptors, and how many clients it allows. */
#ifndef SOCKCAT_RUN_DESCRIPTORS_H
#define SOCKCAT_RUN_DESCRIPTORS_H

#include <sys/resource.h>

#include <stddef.h>

/*
 * Raises the soft limit to the hard one.  Returns the old soft limit, or 0 if
 * it is the same.  See getrlimit(2).
 */
rlim_t descriptors_raise(void);

/* How many clients are possible if each takes so many; at least one. */
size_t descriptors_max_clients(size_t each);

#endif
