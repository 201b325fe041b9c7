/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Sockets with an address of their own.
 */
#ifndef SOCKCAT_TESTS_UNIT_LOOPBACK_H
#define SOCKCAT_TESTS_UNIT_LOOPBACK_H

#include <sys/socket.h>

#include <stdlib.h>

#include "net/address.h"
#include "net/socket.h"

/*
 * A socket of that type, bound to an IPv4 address and a port that the system
 * chooses; where is set to both.  The caller closes it.
 */
static inline int
bound(int type, const char *host, struct address *where)
{
	int fd = socket(AF_INET, type, 0);

	address_set_any(where, AF_INET);
	address_set_host(where, host);
	if (fd == -1 || bind(fd, address_sockaddr(where), where->length) == -1)
		abort();
	socket_local(fd, where);
	return fd;
}

#endif
