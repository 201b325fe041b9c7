/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A pipe or a terminal is opened again, since O_NONBLOCK on the descriptor
 * itself would affect every process that shares it, commands among them.  Where
 * that fails, poll(2) is asked first: a pipe that is writable takes a line of
 * LINES_MAX bytes at once, unless another process fills it in between.
 */
#include "observe/lines.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"

static struct {
	bool is_known; /* what standard error is */
	bool is_socket;
	bool may_wait; /* a pipe or a terminal */
	int own;       /* it, opened again; -1: that failed */
	size_t lost;
	lines_lost *lost_line;
	char rest[LINES_MAX]; /* of a line that a terminal took in part */
	size_t rest_length;
} lines = { .own = -1 };

static void
find_out(void)
{
	struct stat st = { 0 };

	lines.is_known = true;
	fstat(STDERR_FILENO, &st);
	lines.is_socket = S_ISSOCK(st.st_mode);
	lines.may_wait = S_ISFIFO(st.st_mode) || isatty(STDERR_FILENO);
	if (lines.may_wait)
		lines.own = descriptor_reopen(STDERR_FILENO, O_WRONLY);
}

/* As write(2), but fails with EAGAIN where that would wait. */
static ssize_t
put_bytes(const char *bytes, size_t length)
{
	struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (!lines.is_known)
		find_out();
	if (lines.is_socket)
		return send(
		    STDERR_FILENO, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (lines.own != -1)
		return write(lines.own, bytes, length);
	if (lines.may_wait && poll(&p, 1, 0) != 1) {
		errno = EAGAIN;
		return -1;
	}
	return write(STDERR_FILENO, bytes, length);
}

/* Whether nothing is left of a line that was taken in part. */
static bool
put_rest(void)
{
	ssize_t n;

	if (lines.rest_length == 0)
		return true;
	n = put_bytes(lines.rest, lines.rest_length);
	if (n == -1)
		return false;
	lines.rest_length -= (size_t)n;
	memmove(lines.rest, lines.rest + n, lines.rest_length);
	return lines.rest_length == 0;
}

/* A failure to write a line cannot be reported. */
static bool
put(const char *line, size_t length)
{
	ssize_t n;

	if (!put_rest())
		return false;
	n = put_bytes(line, length);
	if (n == -1)
		return false;
	lines.rest_length = length - (size_t)n;
	memcpy(lines.rest, line + n, lines.rest_length);
	return true;
}

/* Whether the number of lost lines has been reported. */
static bool
say_lost(void)
{
	char text[LINES_MAX];

	if (lines.lost == 0 || lines.lost_line == NULL)
		return true;
	if (!put(text, lines.lost_line(lines.lost, text)))
		return false;
	lines.lost = 0;
	return true;
}

void
lines_set_lost(lines_lost *lost_line)
{
	lines.lost_line = lost_line;
}

void
lines_put(const char *line, size_t length)
{
	if (!say_lost() || !put(line, length))
		lines.lost++;
}

void
lines_end(void)
{
	if (put_rest())
		say_lost();
}
