/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <stdlib.h>
#include <unistd.h>

#include "helpers/commands.h"
#include "helpers/loopback.h"
#include "io.h"

static char block[1 << 20];

static void
watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void
echo_accept(int epoll, int listener)
{
	int one = 1, fd = accept(listener, NULL, NULL);

	setsockopt(fd, SOL_TCP, TCP_NODELAY, &one, sizeof(one));
	watch(epoll, fd);
}

static void
echo_once(int fd)
{
	ssize_t n = read(fd, block, sizeof(block));

	if (n <= 0 || !io_write_all(fd, block, n))
		close(fd);
}

int
serve_echo(char **words)
{
	int listener = loopback_listen(atoi(words[0]), SOCK_STREAM);
	int epoll = epoll_create1(0);
	struct epoll_event ready[64];

	watch(epoll, listener);
	for (;;) {
		int n = epoll_wait(epoll, ready, 64, -1);

		for (int i = 0; i < n; i++)
			if (ready[i].data.fd == listener)
				echo_accept(epoll, listener);
			else
				echo_once(ready[i].data.fd);
	}
}

int
serve_discard(char **words)
{
	int listener = loopback_listen(atoi(words[0]), SOCK_STREAM);

	for (;;) {
		int fd = accept(listener, NULL, NULL);

		while (read(fd, block, 256 << 10) > 0)
			;
		close(fd);
	}
}

int
serve_close(char **words)
{
	int listener = loopback_listen(atoi(words[0]), SOCK_STREAM);

	for (;;)
		close(accept(listener, NULL, NULL));
}
