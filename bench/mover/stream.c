/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <err.h>
#include <fcntl.h>
#include <unistd.h>

#include "io.h"
#include "mover/mover.h"

bool
stream_is_pipe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

void
stream_size_pipe(const struct mover *m, int in, int out)
{
	int fd = stream_is_pipe(in) ? in : out;

	if (m->pipe_bytes != 0 && stream_is_pipe(fd))
		fcntl(fd, F_SETPIPE_SZ, m->pipe_bytes);
}

void
stream_copy(const struct mover *m, int in, int out)
{
	ssize_t n;

	stream_size_pipe(m, in, out);
	while ((n = read(in, m->buffer, m->buffer_bytes)) > 0)
		if (!io_write_all(out, m->buffer, n))
			err(1, "write");
}

static ssize_t
splice_some(const struct mover *m, int in, int out, size_t length)
{
	ssize_t n = splice(in, NULL, out, NULL, length, mover_splice_flags(m));

	if (n == -1)
		err(1, "splice");
	return n;
}

/* Directly where one end is a pipe, else through a pipe of our own. */
static void
stream_splice(const struct mover *m, int in, int out)
{
	int p[2];
	ssize_t n;

	if (stream_is_pipe(in) || stream_is_pipe(out)) {
		stream_size_pipe(m, in, out);
		while (splice_some(m, in, out, m->buffer_bytes) > 0)
			;
		return;
	}
	if (pipe(p) == -1)
		err(1, "pipe");
	stream_size_pipe(m, p[0], p[1]);
	while ((n = splice_some(m, in, p[1], m->buffer_bytes)) > 0)
		while (n > 0)
			n -= splice_some(m, p[0], out, n);
}

static void
stream_sendfile(const struct mover *m, int in, int out)
{
	ssize_t n;

	while ((n = sendfile(out, in, NULL, m->buffer_bytes)) > 0)
		;
	if (n == -1)
		err(1, "sendfile");
}

/*
 * Not safe in general: the buffer is used again while the pipe still refers to
 * it.
 */
static void
stream_vmsplice(const struct mover *m, int in, int out)
{
	ssize_t n;

	while ((n = read(in, m->buffer, m->buffer_bytes)) > 0) {
		struct iovec v = { m->buffer, n };

		while (v.iov_len > 0) {
			if ((n = vmsplice(out, &v, 1, 0)) == -1)
				err(1, "vmsplice");
			v.iov_base = (char *)v.iov_base + n;
			v.iov_len -= n;
		}
	}
}

static const struct {
	const char *method;
	void (*move)(const struct mover *m, int in, int out);
} ways[] = {
	{ "rw", stream_copy },
	{ "splice", stream_splice },
	{ "sendfile", stream_sendfile },
	{ "zerocopy", zerocopy_move },
	{ "vmsplice", stream_vmsplice },
	{ "nrw", polled_copy },
	{ "nsplice", polled_splice },
	{ "psplice", polled_splice_first },
};

void
stream_move(const struct mover *m, int in, int out)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (mover_uses(m, ways[i].method)) {
			ways[i].move(m, in, out);
			return;
		}
	errx(2, "no method '%s' for streams", m->method);
}
