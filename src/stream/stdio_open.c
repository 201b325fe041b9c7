/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What the inherited descriptors are, and those of them opened anew for which
 * that is possible.
 */
#include <sys/socket.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "stream/stdio_impl.h"

/* Opens /dev/null at the lowest free descriptor, which must be this one. */
static int
fill_descriptor(int fd, int flags)
{
	if (fcntl(fd, F_GETFD) != -1)
		return 0;
	return open("/dev/null", flags) == fd ? 0 : -1;
}

int
stdio_fill(void)
{
	if (fill_descriptor(STDIN_FILENO, O_RDONLY) == -1)
		return -1;
	/* Read-only: what arrives must not vanish as if it was written. */
	if (fill_descriptor(STDOUT_FILENO, O_RDONLY) == -1)
		return -1;
	return fill_descriptor(STDERR_FILENO, O_WRONLY);
}

bool
stdio_has_hung_up(int fd)
{
	struct pollfd p = { .fd = fd };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLHUP);
}

/*
 * Replaces the open file of an inherited descriptor by one of our own, which
 * is non-blocking.  The inherited one is closed with that, so that the other
 * end sees the end when we close.
 */
static bool
make_private(int fd, int access)
{
	int own = descriptor_reopen(fd, access);

	if (own == -1)
		return false;
	/* To a fifo opened after its last writer left, nobody tells the end. */
	if ((access == O_RDONLY && stdio_has_hung_up(fd)) ||
	    dup2(own, fd) == -1) {
		close(own);
		return false;
	}
	close(own);
	return true;
}

static enum stdio_file_kind
kind_of(int fd, int access)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return STDIO_PACED; /* whatever it is, this does not wait */
	if (S_ISSOCK(st.st_mode))
		return STDIO_SOCKET;
	if (S_ISFIFO(st.st_mode) || (S_ISCHR(st.st_mode) && isatty(fd)))
		return make_private(fd, access) ? STDIO_PRIVATE : STDIO_PACED;
	return STDIO_FILE;
}

static bool
is_device(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode);
}

static enum stream_medium
medium_of(int fd, enum stdio_file_kind kind)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return STREAM_OPAQUE;
	if (S_ISFIFO(st.st_mode))
		return STREAM_PIPE;
	return kind == STDIO_FILE ? STREAM_FILE : STREAM_OPAQUE;
}

static int
socket_type(int fd)
{
	int type = SOCK_STREAM;
	socklen_t length = sizeof(type);

	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length);
	return type;
}

void
stdio_open_input(struct stdio *io)
{
	struct stream *s = &io->stream;

	s->is_terminal = isatty(STDIN_FILENO);
	io->in_kind = kind_of(STDIN_FILENO, O_RDONLY);
	if (io->in_kind == STDIO_FILE && is_device(STDIN_FILENO))
		io->in_kind = STDIO_PACED; /* it may have nothing to read yet */
	s->in = STDIN_FILENO;
	s->in_medium = medium_of(STDIN_FILENO, io->in_kind);
	if (io->in_kind == STDIO_SOCKET) {
		io->in_type = socket_type(STDIN_FILENO);
		s->reads_messages = io->in_type != SOCK_STREAM;
	}
}

void
stdio_open_output(struct stdio *io)
{
	struct stream *s = &io->stream;

	io->out_kind = kind_of(STDOUT_FILENO, O_WRONLY);
	io->paced_max = isatty(STDOUT_FILENO) ? 1 : PIPE_BUF;
	s->out = STDOUT_FILENO;
	s->out_medium = medium_of(STDOUT_FILENO, io->out_kind);
	s->keeps_writes_apart = s->out_medium == STREAM_PIPE &&
	    (fcntl(STDOUT_FILENO, F_GETFL) & O_DIRECT) != 0;
	if (io->out_kind != STDIO_SOCKET)
		return;
	s->writes_messages = socket_type(STDOUT_FILENO) != SOCK_STREAM;
	io->is_one_socket =
	    s->in != -1 && descriptor_is_same(STDIN_FILENO, STDOUT_FILENO);
	s->drains_source = io->is_one_socket;
}
