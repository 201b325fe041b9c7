/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "mover/mover.h"

struct endpoint {
	union {
		struct sockaddr any;
		struct sockaddr_in inet;
		struct sockaddr_un local;
	} address;
	socklen_t length;
};

static struct endpoint
endpoint_parse(const struct mover *m, const char *host, const char *port)
{
	struct endpoint e = { 0 };

	if (m->unix_path != NULL) {
		e.address.local.sun_family = AF_UNIX;
		strncpy(e.address.local.sun_path, m->unix_path,
		    sizeof(e.address.local.sun_path) - 1);
		e.length = sizeof(e.address.local);
		return e;
	}
	e.address.inet.sin_family = AF_INET;
	e.address.inet.sin_port = htons(atoi(port));
	if (inet_pton(AF_INET, host, &e.address.inet.sin_addr) != 1)
		errx(1, "%s is no IPv4 address", host);
	e.length = sizeof(e.address.inet);
	return e;
}

static void
endpoint_tune(const struct mover *m, int fd)
{
	int one = 1;

	if (m->send_buffer != 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &m->send_buffer,
		    sizeof(m->send_buffer));
	if (m->receive_buffer != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &m->receive_buffer,
		    sizeof(m->receive_buffer));
	if (m->is_nodelay)
		setsockopt(fd, SOL_TCP, TCP_NODELAY, &one, sizeof(one));
}

static int
endpoint_open(const struct mover *m, const struct endpoint *e)
{
	int fd = socket(
	    e->address.any.sa_family, m->is_udp ? SOCK_DGRAM : SOCK_STREAM, 0);

	if (fd == -1)
		err(1, "socket");
	endpoint_tune(m, fd);
	return fd;
}

int
endpoint_connect(const struct mover *m, const char *host, const char *port)
{
	struct endpoint e = endpoint_parse(m, host, port);
	int fd = endpoint_open(m, &e);

	if (connect(fd, &e.address.any, e.length) == -1)
		err(1, "connect");
	return fd;
}

int
endpoint_accept(const struct mover *m, const char *host, const char *port)
{
	struct endpoint e = endpoint_parse(m, host, port);
	int one = 1, fd = endpoint_open(m, &e), peer;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, &e.address.any, e.length) == -1)
		err(1, "bind");
	if (m->is_udp)
		return fd;
	if (listen(fd, 16) == -1)
		err(1, "listen");
	if ((peer = accept(fd, NULL, NULL)) == -1)
		err(1, "accept");
	endpoint_tune(m, peer);
	return peer;
}
