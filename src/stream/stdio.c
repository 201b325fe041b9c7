/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Neither end may ever wait, though the descriptors are blocking ones.  How
 * that is reached depends on what they are, as stdio_open.c finds out:
 *
 *   pipe, terminal   opened anew, non-blocking, instead of the inherited
 *                    open file; where the system refuses that, poll first
 *                    and move no more than what is ready takes for certain
 *   socket           calls that do not wait by argument
 *   anything else    a file is always ready; so is a device to write to
 */
#include "stream/stdio.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "net/message.h"
#include "net/socket.h"
#include "stream/stdio_impl.h"
#include "stream/stream.h"

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
	if (io->in_kind == STDIO_PACED && !is_ready(STDIN_FILENO, POLLIN))
		return STREAM_WANT_READ;
	if (io->in_kind == STDIO_SOCKET)
		n = socket_read(io, bytes, length);
	else
		n = stream_read_code(read(STDIN_FILENO, bytes, length));
	/* Nobody typed that end: the terminal has hung up. */
	if (n == STREAM_EOF && s->is_terminal &&
	    stdio_has_hung_up(STDIN_FILENO)) {
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
	if (io->out_kind == STDIO_SOCKET)
		return stream_write_code(send(
		    STDOUT_FILENO, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL));
	if (io->out_kind == STDIO_PACED) {
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

	if (io->out_kind == STDIO_SOCKET)
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
		stdio_open_input(io);
	if (!options->no_output)
		stdio_open_output(io);
	return s;
}
