/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Neither end may ever wait, though the descriptors are blocking ones.  How
 * that is reached depends on what they are:
 *
 *   pipe, terminal   opened anew, non-blocking, instead of the inherited
 *                    open file; where the system refuses that, poll first
 *                    and move no more than what is ready takes for certain
 *   socket           calls that do not wait by argument
 *   anything else    a file is always ready; so is a device to write to
 */
#include "stream/stdio.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "net/message.h"
#include "net/missing.h"
#include "net/socket.h"
#include "stream/stream.h"

enum kind { KIND_FILE, KIND_PRIVATE, KIND_PACED, KIND_SOCKET };

struct stdio {
	struct stream stream;
	enum kind in_kind, out_kind;
	int in_type;      /* SO_TYPE of a socket on standard input */
	size_t paced_max; /* bytes that a sink that is ready takes */
	bool keeps_output;
	bool is_one_socket; /* for both, and not ours alone */
};

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

static bool
has_hung_up(int fd)
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
	if ((access == O_RDONLY && has_hung_up(fd)) || dup2(own, fd) == -1) {
		close(own);
		return false;
	}
	close(own);
	return true;
}

static enum kind
kind_of(int fd, int access)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return KIND_PACED; /* whatever it is, this does not wait */
	if (S_ISSOCK(st.st_mode))
		return KIND_SOCKET;
	if (S_ISFIFO(st.st_mode) || (S_ISCHR(st.st_mode) && isatty(fd)))
		return make_private(fd, access) ? KIND_PRIVATE : KIND_PACED;
	return KIND_FILE;
}

static bool
is_device(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode);
}

static enum stream_medium
medium_of(int fd, enum kind kind)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return STREAM_OPAQUE;
	if (S_ISFIFO(st.st_mode))
		return STREAM_PIPE;
	return kind == KIND_FILE ? STREAM_FILE : STREAM_OPAQUE;
}

static bool
is_ready(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 0) == 1;
}

/*
 * An end of file, or an empty message?  A datagram socket has no end, all
 * others have no empty messages that could be told from it.
 */
static ssize_t
socket_read(struct stdio *io, void *bytes, size_t length)
{
	int flags = MSG_DONTWAIT;
	ssize_t n;

	/* Then it tells the message's size; of a stream it would drop bytes. */
	if (io->stream.reads_messages)
		flags |= MSG_TRUNC;
	n = recv(STDIN_FILENO, bytes, length, flags);
	if (n == 0 && io->in_type == SOCK_DGRAM)
		return 0;
	if (n > (ssize_t)length) {
		errno = EMSGSIZE;
		return STREAM_ERROR;
	}
	return stream_read_code(n);
}

static ssize_t
stdio_read(struct stream *s, void *bytes, size_t length)
{
	struct stdio *io = (struct stdio *)s;
	ssize_t n;

	if (s->is_input_over)
		return STREAM_EOF;
	if (io->in_kind == KIND_PACED && !is_ready(STDIN_FILENO, POLLIN))
		return STREAM_WANT_READ;
	if (io->in_kind == KIND_SOCKET)
		n = socket_read(io, bytes, length);
	else
		n = stream_read_code(read(STDIN_FILENO, bytes, length));
	/* Nobody typed that end: the terminal has hung up. */
	if (n == STREAM_EOF && s->is_terminal && has_hung_up(STDIN_FILENO)) {
		errno = EIO;
		n = STREAM_ERROR;
	}
	s->is_input_over = n == STREAM_EOF;
	return n;
}

static ssize_t
stdio_write(struct stream *s, const void *bytes, size_t length)
{
	struct stdio *io = (struct stdio *)s;

	if (s->out == -1)
		return (ssize_t)length;
	if (io->out_kind == KIND_SOCKET)
		return stream_write_code(send(
		    STDOUT_FILENO, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL));
	if (io->out_kind == KIND_PACED) {
		if (!is_ready(STDOUT_FILENO, POLLOUT))
			return STREAM_WANT_WRITE;
		if (length > io->paced_max)
			length = io->paced_max;
	}
	return stream_write_code(write(STDOUT_FILENO, bytes, length));
}

static size_t
stdio_next_message_max(struct stream *s)
{
	ssize_t size = s->reads_messages ? message_size(STDIN_FILENO) : 0;

	return size > (ssize_t)s->message_max ? (size_t)size : s->message_max;
}

/*
 * Replaces standard output by /dev/null.  close(2) may have a write error to
 * tell, which dup2(2) would not, and descriptor 1 must not be free for a
 * moment: so a copy of it is closed first.
 */
static int
close_output(void)
{
	int copy = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	int result = copy == -1 ? 0 : close(copy);
	int saved = errno;

	if (descriptor_blank(STDOUT_FILENO, O_RDONLY) == -1)
		return -1;
	errno = saved;
	return result;
}

static int
stdio_shut(struct stream *s)
{
	struct stdio *io = (struct stdio *)s;

	if (s->out == -1 || io->keeps_output)
		return 0;
	/*
	 * One socket for both has to be told, for closing half of it does
	 * nothing.  Not if input has ended too: our exit then says enough,
	 * and a shell that shares the socket can still use it.
	 */
	if (io->is_one_socket && !s->is_input_over)
		shutdown(STDOUT_FILENO, SHUT_WR);
	return close_output() == -1 ? STREAM_ERROR : 0;
}

static int
stdio_error(struct stream *s)
{
	struct stdio *io = (struct stdio *)s;
	int error = 0;

	if (io->out_kind == KIND_SOCKET)
		error = socket_error(STDOUT_FILENO);
	return error != 0 ? error : EPIPE;
}

static void
stdio_free(struct stream *s)
{
	free(s);
}

static const struct stream_kind stdio_kind = {
	.read = stdio_read,
	.write = stdio_write,
	.shut = stdio_shut,
	.error = stdio_error,
	.next_message_max = stdio_next_message_max,
	.free = stdio_free,
};

static int
socket_type(int fd)
{
	int type = SOCK_STREAM;
	socklen_t length = sizeof(type);

	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length);
	return type;
}

static void
open_input(struct stdio *io)
{
	struct stream *s = &io->stream;

	s->is_terminal = isatty(STDIN_FILENO);
	io->in_kind = kind_of(STDIN_FILENO, O_RDONLY);
	if (io->in_kind == KIND_FILE && is_device(STDIN_FILENO))
		io->in_kind = KIND_PACED; /* it may have nothing to read yet */
	s->in = STDIN_FILENO;
	s->in_medium = medium_of(STDIN_FILENO, io->in_kind);
	if (io->in_kind == KIND_SOCKET) {
		io->in_type = socket_type(STDIN_FILENO);
		s->reads_messages = io->in_type != SOCK_STREAM;
	}
}

static void
open_output(struct stdio *io)
{
	struct stream *s = &io->stream;

	io->out_kind = kind_of(STDOUT_FILENO, O_WRONLY);
	io->paced_max = isatty(STDOUT_FILENO) ? 1 : PIPE_BUF;
	s->out = STDOUT_FILENO;
	s->out_medium = medium_of(STDOUT_FILENO, io->out_kind);
	s->keeps_writes_apart = s->out_medium == STREAM_PIPE &&
	    (fcntl(STDOUT_FILENO, F_GETFL) & O_DIRECT) != 0;
	if (io->out_kind != KIND_SOCKET)
		return;
	s->writes_messages = socket_type(STDOUT_FILENO) != SOCK_STREAM;
	io->is_one_socket =
	    s->in != -1 && descriptor_is_same(STDIN_FILENO, STDOUT_FILENO);
	s->drains_source = io->is_one_socket;
}

struct stream *
stdio_new(const struct stdio_options *options)
{
	struct stdio *io = calloc(1, sizeof(*io));
	struct stream *s;

	if (io == NULL)
		return NULL;
	s = &io->stream;
	s->kind = &stdio_kind;
	s->in = s->out = -1;
	s->message_size = SIZE_MAX;
	s->message_max = DATAGRAM_MESSAGE_MAX;
	strlcpy(s->source, "standard input", sizeof(s->source));
	strlcpy(s->sink, "standard output", sizeof(s->sink));
	io->keeps_output = options->keep_output;
	s->is_mute = options->no_input;
	if (!options->no_input)
		open_input(io);
	if (!options->no_output)
		open_output(io);
	return s;
}
