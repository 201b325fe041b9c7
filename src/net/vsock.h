/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Addresses of virtual machine sockets, vsock(7): a context id and a port.
 * Systems without them have vsock_stub.c instead of vsock.c.
 */
#ifndef SOCKCAT_NET_VSOCK_H
#define SOCKCAT_NET_VSOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr;
struct sockaddr_storage;

/*
 * Sets the address from a context id in decimal digits (NULL: any) and a
 * port (0: the system chooses).  Returns its length, or -1 with errno.
 */
int vsock_parse(struct sockaddr_storage *, const char *cid, const char *port);

/* The context id as text, and the port; false for another family. */
bool vsock_host(const struct sockaddr *, char *text, size_t size);
bool vsock_port(const struct sockaddr *, uint32_t *port);

#endif
