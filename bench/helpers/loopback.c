/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "helpers/loopback.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <err.h>
#include <unistd.h>

static struct sockaddr_in
loopback(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons(port) };

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

int
loopback_listen(int port, int type)
{
	struct sockaddr_in a = loopback(port);
	int one = 1, fd = socket(AF_INET, type, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) == -1)
		err(1, "bind");
	if (type == SOCK_STREAM && listen(fd, 4096) == -1)
		err(1, "listen");
	return fd;
}

int
loopback_connect(int port, int type)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct sockaddr_in to = loopback(port);
	int one = 1, fd = socket(AF_INET, type, 0);

	from.sin_addr.s_addr = htonl(0x7f010000u | (getpid() & 0xffff));
	setsockopt(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&from, sizeof(from)) == -1)
		err(1, "bind");
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == -1)
		err(1, "connect");
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}
