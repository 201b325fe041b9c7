/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include <sys/socket.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "io.h"
#include "mover/mover.h"

static void
wait_for(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	poll(&p, 1, -1);
}

static void
wait_for_both(int in, int out)
{
	wait_for(in, POLLIN);
	wait_for(out, POLLOUT);
}

static void
set_nonblocking(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static void
polled_prepare(const struct mover *m, int in, int out)
{
	set_nonblocking(in);
	set_nonblocking(out);
	stream_size_pipe(m, in, out);
}

static void
polled_write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n > 0) {
			bytes += n;
			length -= n;
		} else if (errno == EAGAIN) {
			wait_for(fd, POLLOUT);
		} else {
			err(1, "write");
		}
	}
}

void
polled_copy(const struct mover *m, int in, int out)
{
	ssize_t n;

	polled_prepare(m, in, out);
	while ((n = read(in, m->buffer, m->buffer_bytes)) != 0) {
		if (n > 0)
			polled_write_all(out, m->buffer, n);
		else if (errno == EAGAIN)
			wait_for_both(in, out);
		else
			err(1, "read");
	}
}

void
polled_splice(const struct mover *m, int in, int out)
{
	unsigned flags = SPLICE_F_NONBLOCK | mover_splice_flags(m);
	ssize_t n;

	polled_prepare(m, in, out);
	while ((n = splice(in, NULL, out, NULL, m->buffer_bytes, flags)) != 0) {
		if (n == -1 && errno != EAGAIN)
			err(1, "splice");
		if (n == -1)
			wait_for_both(in, out);
	}
}

/*
 * A splice(2) that blocks, and finds data and space, takes all that has come.
 * With O_NONBLOCK it stops after the first run of bytes.
 */
void
polled_splice_first(const struct mover *m, int in, int out)
{
	ssize_t n;

	stream_size_pipe(m, in, out);
	do {
		wait_for_both(in, out);
		n = splice(in, NULL, out, NULL, m->buffer_bytes,
		    mover_splice_flags(m));
		if (n == -1)
			err(1, "splice");
	} while (n > 0);
}

/* Moves what one read finds.  False at the end of the input. */
static bool
duplex_move(const struct mover *m, int in, int out)
{
	ssize_t n = read(in, m->buffer, m->buffer_bytes);

	if (n <= 0)
		return false;
	if (!io_write_all(out, m->buffer, n))
		err(1, "write");
	return true;
}

void
polled_duplex(const struct mover *m, int in, int out, int socket)
{
	struct pollfd p[2] = { { .fd = in, .events = POLLIN },
		{ .fd = socket, .events = POLLIN } };

	stream_size_pipe(m, in, in);
	stream_size_pipe(m, out, out);
	while (p[0].fd >= 0 || p[1].fd >= 0) {
		poll(p, 2, -1);
		if (p[0].fd >= 0 && p[0].revents != 0 &&
		    !duplex_move(m, in, socket)) {
			shutdown(socket, SHUT_WR);
			p[0].fd = -1;
		}
		if (p[1].fd >= 0 && p[1].revents != 0 &&
		    !duplex_move(m, socket, out)) {
			close(out);
			p[1].fd = -1;
		}
	}
}
