/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include <sys/socket.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "helpers/clock.h"
#include "helpers/commands.h"
#include "helpers/loopback.h"
#include "io.h"

#define SEND_CHUNK  (256 << 10)
#define ECHO_BYTES  64
#define WARM_UP     200 /* round trips */
#define CLOCK_EVERY 64  /* round trips */

static char block[1 << 20];

int
send_bytes(char **words)
{
	int fd = loopback_connect(atoi(words[0]), SOCK_STREAM);
	long long left = atoll(words[1]);

	while (left > 0) {
		size_t n = left < SEND_CHUNK ? (size_t)left : SEND_CHUNK;

		if (!io_write_all(fd, block, n))
			err(1, "write");
		left -= n;
	}
	shutdown(fd, SHUT_WR);
	while (read(fd, block, sizeof(block)) > 0)
		;
	return 0;
}

static void
round_trip(int out, int in, size_t size)
{
	if (!io_write_all(out, block, size) || !io_read_all(in, block, size))
		err(1, "round trip");
}

static int
round_trips(int out, int in, size_t size, double seconds)
{
	double start, now;
	long n = 0;

	for (int i = 0; i < WARM_UP; i++)
		round_trip(out, in, size);
	start = now = clock_now();
	for (; n % CLOCK_EVERY != 0 || (now = clock_now()) < start + seconds;
	     n++)
		round_trip(out, in, size);
	printf("%.1f\n", n / (now - start));
	return 0;
}

int
pingpong(char **words)
{
	int fd = loopback_connect(atoi(words[0]), SOCK_STREAM);

	return round_trips(fd, fd, atoi(words[1]), atof(words[2]));
}

int
pingpong_command(char **words)
{
	char **argv = words + 3;
	int to[2], from[2], status;
	pid_t pid;

	if (pipe2(to, O_CLOEXEC) == -1 || pipe2(from, O_CLOEXEC) == -1)
		err(1, "pipe");
	if ((pid = fork()) == 0) {
		signal(SIGPIPE, SIG_DFL);
		dup2(to[0], STDIN_FILENO);
		dup2(from[1], STDOUT_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	status = round_trips(to[1], from[0], atoi(words[0]), atof(words[1]));
	fflush(stdout);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	return status;
}

int
connect_repeatedly(char **words)
{
	int port = atoi(words[0]);
	double start = clock_now(), end = start + atof(words[1]), now;
	long n = 0;

	for (; (now = clock_now()) < end; n++) {
		int fd = loopback_connect(port, SOCK_STREAM);

		round_trip(fd, fd, ECHO_BYTES);
		close(fd);
	}
	printf("%.1f\n", n / (now - start));
	return 0;
}

/* All are written to before any is read from. */
static void
echo_all(const int *fds, int count)
{
	for (int i = 0; i < count; i++)
		if (!io_write_all(fds[i], block, ECHO_BYTES))
			err(1, "write");
	for (int i = 0; i < count; i++)
		if (!io_read_all(fds[i], block, ECHO_BYTES))
			err(1, "read");
}

int
hold(char **words)
{
	int port = atoi(words[0]), count = atoi(words[1]);
	int *fds = calloc(count, sizeof(*fds));
	double start = clock_now();

	if (fds == NULL)
		err(1, NULL);
	for (int i = 0; i < count; i++)
		fds[i] = loopback_connect(port, SOCK_STREAM);
	echo_all(fds, count);
	printf("ready %.6f\n", clock_now() - start);
	fflush(stdout);
	if (read(STDIN_FILENO, block, 1) != 1)
		return 1;
	start = clock_now();
	echo_all(fds, count);
	printf("%.6f\n", clock_now() - start);
	free(fds);
	return 0;
}
