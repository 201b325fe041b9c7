/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* A system without such a queue. */
#include "net/errqueue.h"

void
errqueue_enable(int fd, int family)
{
	(void)fd, (void)family;
}

int
errqueue_take(int fd, struct address *destination)
{
	(void)fd, (void)destination;
	return 0;
}

int
errqueue_clear(int fd)
{
	(void)fd;
	return 0;
}
