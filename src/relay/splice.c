/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The splice strategy: bytes that nobody looks at stay in the kernel, by
 * splice(2) and, from a file, sendfile(2).  Compared with the copy strategy
 * that halves the CPU time, or quarters it where both ends are pipes and
 * unix sockets; BENCHMARKS.md has the figures.
 *
 * A flow begins with copies, which are as good for a dialogue, and turns to
 * the kernel when a read brings much at once.  Where neither end is a pipe,
 * one of our own lies between them.  Neither end ever waits for the other:
 * what does not go on at once is an ordinary blocked sink.
 */
#include <sys/sendfile.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/backoff.h"
#include "base/loop.h"
#include "observe/log.h"
#include "relay/flow.h"
#include "stream/stream.h"

enum {
	BULK = 16 * 1024,   /* a read of so much makes the kernel take over */
	MOVE = 1024 * 1024, /* bytes in one call, at most */
	RUSH = MOVE,        /* so many without a pause, and the ends batch */
	PAUSE_MS = 1,
};

/* Whether one call takes the bytes from one end to the other. */
static bool
is_direct(const struct flow *f)
{
	enum stream_medium from = f->from->in_medium, to = f->to->out_medium;

	return from == STREAM_PIPE || to == STREAM_PIPE ||
	    (from == STREAM_FILE && to == STREAM_SOCKET);
}

/* What the system lets a pipe grow to, pipe(7). */
static int
pipe_size_limit(void)
{
	FILE *file = fopen("/proc/sys/fs/pipe-max-size", "re");
	int size = MOVE;

	if (file == NULL)
		return size;
	if (fscanf(file, "%d", &size) != 1)
		size = MOVE;
	fclose(file);
	return size;
}

/* Returns the size to restore, or 0.  A refusal costs speed, no more. */
static int
grow_pipe(int fd)
{
	int size = fcntl(fd, F_GETPIPE_SZ), limit = pipe_size_limit();

	if (size == -1 || size >= limit || fcntl(fd, F_SETPIPE_SZ, limit) == -1)
		return 0;
	return size;
}

/* The system refuses while more is in the pipe than it held before. */
static void
restore_pipe(int fd, int *size)
{
	if (*size != 0)
		fcntl(fd, F_SETPIPE_SZ, *size);
	*size = 0;
}

/* Returns false if there is no pipe to be had. */
static bool
start_bulk(struct flow *f)
{
	struct splice *s = &f->splice;

	if (!is_direct(f)) {
		if (pipe2(s->pipe, O_CLOEXEC | O_NONBLOCK) == -1)
			return false;
		s->has_pipe = true;
		grow_pipe(s->pipe[0]);
	}
	if (f->from->in_medium == STREAM_PIPE)
		s->source_size = grow_pipe(f->from->in);
	if (f->to->out_medium == STREAM_PIPE)
		s->sink_size = grow_pipe(f->to->out);
	if (f->from->in_medium == STREAM_SOCKET)
		stream_prepare_splice(f->from);
	s->is_bulk = true;
	return true;
}

/* A pause ends the rush, for what is left must not wait for company. */
static void
end_rush(struct flow *f)
{
	struct splice *s = &f->splice;

	if (s->rush_until != 0) {
		stream_batch_reads(f->from, false);
		stream_batch_writes(f->to, false);
	}
	s->rush_until = 0;
	s->run = 0;
}

static void
count_run(struct flow *f, size_t length, int64_t now)
{
	struct splice *s = &f->splice;

	if (loop_after(s->moved_at, PAUSE_MS) < now)
		s->run = 0;
	s->moved_at = now;
	s->run += length;
	if (s->run < RUSH)
		return;
	if (s->rush_until == 0) {
		stream_batch_reads(f->from, true);
		stream_batch_writes(f->to, true);
	}
	s->rush_until = loop_after(now, PAUSE_MS);
}

static void
splice_clear(struct flow *f)
{
	struct splice *s = &f->splice;

	end_rush(f);
	restore_pipe(f->from->in, &s->source_size);
	restore_pipe(f->to->out, &s->sink_size);
	if (!s->has_pipe)
		return;
	close(s->pipe[0]);
	close(s->pipe[1]);
	s->has_pipe = false;
	s->held = 0;
}

/* For good: from here on bytes go through the buffer. */
static void
turn_to_copy(struct flow *f)
{
	log_line(LOG_STATES, "%s: splice -> copy", f->name);
	splice_clear(f);
	f->strategy = &copy_strategy;
}

/*
 * Moves bytes on without waiting.  What is read has just been seen to be
 * readable; what is written must be told not to wait.
 */
static ssize_t
move(const struct flow *f, int from, int to, size_t length)
{
	bool is_to_socket =
	    to == f->to->out && f->to->out_medium == STREAM_SOCKET;
	ssize_t n;

	if (is_to_socket)
		stream_set_waits(f->to, false);
	if (is_to_socket && f->from->in_medium == STREAM_FILE)
		n = sendfile(to, from, NULL, length);
	else
		n = splice(from, NULL, to, NULL, length, SPLICE_F_NONBLOCK);
	if (is_to_socket)
		stream_set_waits(f->to, true);
	return n;
}

static bool
is_sink_full(const struct flow *f)
{
	struct pollfd p = { .fd = f->to->out, .events = POLLOUT };

	return is_direct(f) && poll(&p, 1, 0) == 0;
}

static bool
is_for_copy(int error)
{
	return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP ||
	    error == EIO || error == EBADF;
}

/*
 * Only a socket that is read fails by itself; all else is the sink's.  What
 * the system is short of may be either's.
 */
static void
fail(struct flow *f)
{
	if (backoff_is_shortage(errno))
		flow_sink_refused(f, STREAM_LATER);
	else if (f->from->in_medium == STREAM_SOCKET && errno != EPIPE)
		flow_source_ended(f, STREAM_ERROR);
	else
		flow_abandon(f, errno);
}

static void
count_moved(struct flow *f, size_t length, int64_t now)
{
	flow_count_read(f, length);
	count_run(f, length, now);
	if (f->splice.has_pipe)
		f->splice.held += length;
	else
		flow_count_written(f, length);
}

static void
fill_bulk(struct flow *f, int64_t now)
{
	int to = f->splice.has_pipe ? f->splice.pipe[1] : f->to->out;
	ssize_t n = move(f, f->from->in, to, MOVE);

	if (n > 0) {
		count_moved(f, (size_t)n, now);
		return;
	}
	if (n == -1 && is_for_copy(errno)) {
		turn_to_copy(f);
	} else if (n == -1 && errno != EAGAIN && errno != EINTR) {
		fail(f);
		return;
	} else if (n == -1 && is_sink_full(f)) {
		f->is_blocked = true;
		return;
	}
	/* The end, or what the kernel does not splice: a read will tell. */
	copy_strategy.fill(f, now);
}

static void
splice_fill(struct flow *f, int64_t now)
{
	uint64_t before = f->bytes_in;

	if (f->splice.is_bulk) {
		fill_bulk(f, now);
		return;
	}
	copy_strategy.fill(f, now);
	if (f->bytes_in - before < BULK && f->options.choice != STRATEGY_SPLICE)
		return;
	/* The kernel does not see what was put back. */
	if (f->from->prefix != NULL)
		return;
	if (!start_bulk(f))
		turn_to_copy(f);
}

/* The sink has no splice: what is in our pipe goes on through the buffer. */
static bool
take_back(struct flow *f)
{
	struct splice *s = &f->splice;
	uint8_t *space = buffer_reserve(&f->buffer, s->held);
	ssize_t n;

	if (space == NULL)
		return false;
	n = read(s->pipe[0], space, s->held);
	if (n <= 0)
		return false;
	buffer_commit(&f->buffer, (size_t)n);
	s->held -= (size_t)n;
	errno = EIO;
	return s->held == 0;
}

static void
drain_pipe(struct flow *f, int64_t now)
{
	struct splice *s = &f->splice;

	while (s->held > 0) {
		ssize_t n = move(f, s->pipe[0], f->to->out, s->held);

		if (n > 0) {
			flow_count_written(f, (size_t)n);
			s->held -= (size_t)n;
		} else if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
			f->is_blocked = true;
			return;
		} else if (n == -1 && is_for_copy(errno) && take_back(f)) {
			turn_to_copy(f);
			copy_strategy.drain(f, now);
			return;
		} else {
			if (n == 0)
				errno = EIO;
			flow_sink_refused(f,
			    backoff_is_shortage(errno) ? STREAM_LATER
						       : STREAM_ERROR);
			return;
		}
	}
}

static bool
splice_can_read(const struct flow *f)
{
	if (!f->splice.is_bulk)
		return copy_strategy.can_read(f);
	return !f->is_blocked && f->splice.held == 0 &&
	    !copy_strategy.has_data(f);
}

static bool
splice_has_data(const struct flow *f)
{
	return f->splice.held > 0 || copy_strategy.has_data(f);
}

static void
splice_drain(struct flow *f, int64_t now)
{
	if (f->splice.rush_until != 0 && f->splice.rush_until <= now)
		end_rush(f);
	copy_strategy.drain(f, now);
	if (!copy_strategy.has_data(f) && f->splice.held > 0)
		drain_pipe(f, now);
}

static const struct strategy splice_strategy = {
	.name = "splice",
	.can_read = splice_can_read,
	.has_data = splice_has_data,
	.fill = splice_fill,
	.drain = splice_drain,
	.clear = splice_clear,
};

const struct strategy *
splice_strategy_for(const struct flow *f)
{
	if (f->from->in_medium == STREAM_OPAQUE ||
	    f->to->out_medium == STREAM_OPAQUE || flow_is_filtered(f) ||
	    f->options.line_delay != 0 || f->options.read_limit != 0)
		return NULL;
	return &splice_strategy;
}
