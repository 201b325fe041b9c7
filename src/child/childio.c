/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A pipe has an end.  A terminal has none: the end of its input is a
 * character, and the end of its output is EIO, once no process has it open.
 */
#include "child/childio.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "child/spawn.h"
#include "net/message.h"
#include "net/missing.h"
#include "stream/stream.h"

struct childio {
	struct stream stream;
	bool is_in_line; /* of a terminal: the last byte typed ended no line */
};

static ssize_t
pipes_read(struct stream *s, void *bytes, size_t length)
{
	ssize_t n;

	if (s->is_input_over)
		return STREAM_EOF;
	n = stream_read_code(read(s->in, bytes, length));
	s->is_input_over = n == STREAM_EOF;
	return n;
}

static ssize_t
pipes_write(struct stream *s, const void *bytes, size_t length)
{
	if (s->out == -1)
		return (ssize_t)length;
	return stream_write_code(write(s->out, bytes, length));
}

static int
pipes_shut(struct stream *s)
{
	int out = s->out;

	s->out = -1;
	return out == -1 || close(out) == 0 ? 0 : STREAM_ERROR;
}

/* Whether no process has the terminal open any more, and all was read. */
static bool
is_hung_up(const struct stream *s)
{
	struct pollfd p = { .fd = s->in };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLHUP) != 0 &&
	    stream_input_queued(s) == 0;
}

static ssize_t
pty_read(struct stream *s, void *bytes, size_t length)
{
	ssize_t n;

	if (s->is_input_over)
		return STREAM_EOF;
	n = read(s->in, bytes, length);
	/* Linux says EIO where others say 0. */
	n = n == -1 && errno == EIO && is_hung_up(s) ? STREAM_EOF
						     : stream_read_code(n);
	s->is_input_over = n == STREAM_EOF;
	return n;
}

/* What nobody reads is taken, and lost; only poll(2) tells, by POLLHUP. */
static ssize_t
pty_write(struct stream *s, const void *bytes, size_t length)
{
	struct childio *io = (struct childio *)s;
	const char *typed = bytes;
	ssize_t n = write(s->out, bytes, length);

	if (n > 0)
		io->is_in_line = typed[n - 1] != '\n' && typed[n - 1] != '\r';
	return stream_write_code(n);
}

/*
 * Types the character for the end of input.  Within a line, the first one
 * only hands over the line so far.
 */
static int
pty_shut(struct stream *s)
{
	struct childio *io = (struct childio *)s;
	struct termios settings;
	bool was_in_line;
	ssize_t n;

	do {
		was_in_line = io->is_in_line;
		if (tcgetattr(s->out, &settings) == -1 ||
		    !(settings.c_lflag & ICANON) ||
		    settings.c_cc[VEOF] == _POSIX_VDISABLE)
			return 0; /* it has no such character */
		n = stream_write_code(write(s->out, &settings.c_cc[VEOF], 1));
		if (n < 0) /* nobody is left to be told, or not yet */
			return n == STREAM_ERROR ? 0 : (int)n;
		io->is_in_line = false;
	} while (was_in_line);
	return 0;
}

static int
childio_error(struct stream *s)
{
	(void)s;
	return EPIPE;
}

static void
childio_free(struct stream *s)
{
	int saved = errno;

	if (s->out != -1 && s->out != s->in)
		close(s->out);
	if (s->in != -1)
		close(s->in);
	free(s);
	errno = saved;
}

static const struct stream_kind pipes_kind = {
	.read = pipes_read,
	.write = pipes_write,
	.shut = pipes_shut,
	.error = childio_error,
	.free = childio_free,
};

static const struct stream_kind pty_kind = {
	.read = pty_read,
	.write = pty_write,
	.shut = pty_shut,
	.error = childio_error,
	.free = childio_free,
};

static struct stream *
childio_new(const char *name, const struct stream_kind *ops)
{
	struct childio *io = calloc(1, sizeof(*io));
	struct stream *s;

	if (io == NULL)
		return NULL;
	s = &io->stream;
	s->kind = ops;
	s->in = s->out = -1;
	s->drains_source = true;
	s->message_size = SIZE_MAX;
	s->message_max = DATAGRAM_MESSAGE_MAX;
	snprintf(s->source, sizeof(s->source), "standard output of %s", name);
	snprintf(s->sink, sizeof(s->sink), "standard input of %s", name);
	return s;
}

/* Each end is a description of its own: only ours become non-blocking. */
static int
open_pipes(struct stream *s, struct spawn_files *theirs)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) == -1)
		return -1;
	theirs->in = fds[0];
	s->out = fds[1];
	if (pipe2(fds, O_CLOEXEC) == -1)
		return -1;
	s->in = fds[0];
	theirs->out = fds[1];
	s->in_medium = s->out_medium = STREAM_PIPE;
	return descriptor_set_blocking(s->in, false) == -1
	    ? -1
	    : descriptor_set_blocking(s->out, false);
}

static int
open_pty(struct stream *s, struct spawn_files *theirs)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master == -1)
		return -1;
	s->in = s->out = master;
	if (grantpt(master) == -1 || unlockpt(master) == -1)
		return -1;
	errno = ptsname_r(master, theirs->terminal, sizeof(theirs->terminal));
	return errno != 0 ? -1 : descriptor_set_blocking(master, false);
}

void
childio_close_theirs(struct spawn_files *theirs)
{
	int saved = errno;

	if (theirs->in != -1)
		close(theirs->in);
	if (theirs->out != -1)
		close(theirs->out);
	errno = saved;
}

static struct stream *
childio_open(const char *name, const struct stream_kind *ops,
    int (*open_ends)(struct stream *, struct spawn_files *),
    struct spawn_files *theirs)
{
	struct stream *s = childio_new(name, ops);

	if (s == NULL)
		return NULL;
	*theirs = (struct spawn_files){ .in = -1, .out = -1 };
	if (open_ends(s, theirs) == 0)
		return s;
	childio_close_theirs(theirs);
	stream_free(s);
	return NULL;
}

struct stream *
childio_pipes(const char *name, struct spawn_files *theirs)
{
	return childio_open(name, &pipes_kind, open_pipes, theirs);
}

struct stream *
childio_pty(const char *name, struct spawn_files *theirs)
{
	return childio_open(name, &pty_kind, open_pty, theirs);
}
