/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A system without virtual machine sockets.
 */
#include "net/vsock.h"

#include <errno.h>

int
vsock_parse(struct sockaddr_storage *a, const char *cid, const char *port)
{
	(void)a, (void)cid, (void)port;
	errno = EAFNOSUPPORT;
	return -1;
}

bool
vsock_host(const struct sockaddr *a, char *text, size_t size)
{
	(void)a, (void)text, (void)size;
	return false;
}

bool
vsock_port(const struct sockaddr *a, uint32_t *port)
{
	(void)a, (void)port;
	return false;
}
