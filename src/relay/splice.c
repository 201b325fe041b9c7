/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The splice strategy: bytes that need no processing stay in the kernel, by
 * splice(2) and, from a file, sendfile(2).  Compared with the copy strategy
 * that halves the CPU time, or quarters it where both ends are pipes and unix
 * sockets; BENCHMARKS.md has the figures.
 *
 * A flow begins with copies, which are as good for a dialogue, and is spliced
 * once a read brings much.  If neither end is a pipe, a pipe of our own is
 * between them.  Neither end waits for the other: bytes that cannot be written
 * at once are an ordinary blocked sink.
 */
#include "relay/splice.h"

#include <sys/sendfile.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/backoff.h"
#include "base/loop.h"
#include "relay/copy.h"
#include "relay/filter.h"
#include "relay/flow.h"
#include "relay/splice_impl.h"
#include "stream/stream.h"

enum {
	SPLICE_FROM = 16 * 1024,    /* bytes of a read that begin it */
	SPLICE_BYTES = 1024 * 1024, /* in one call, at most */
};

/*
 * Moves bytes without waiting.  The source is known to be readable; the sink
 * must be told not to block.
 */
static ssize_t
move_bytes(const struct flow *f, int from, int to, size_t length)
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
is_sink_full(const struct flow *f, const struct splice *s)
{
	struct pollfd p = { .fd = f->to->out, .events = POLLOUT };

	return !s->has_pipe && poll(&p, 1, 0) == 0;
}

static bool
is_not_yet(int error)
{
	return error == EAGAIN || error == EINTR;
}

/* The kernel does not splice these ends. */
static bool
is_for_copy(int error)
{
	return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP ||
	    error == EIO || error == EBADF;
}

static struct strategy_result
sink_failed(int error)
{
	bool is_shortage = backoff_is_shortage(error);

	return strategy_sink(is_shortage ? STREAM_LATER : STREAM_ERROR, error);
}

/*
 * An error belongs to the source if that is a socket with an error; otherwise
 * to the sink.  A shortage may be either's.
 */
static struct strategy_result
move_failed(const struct flow *f, int error)
{
	if (f->from->in_medium == STREAM_SOCKET && error != EPIPE &&
	    !backoff_is_shortage(error))
		return strategy_source(STREAM_ERROR, error);
	return sink_failed(error);
}

static struct strategy_result
fill_spliced(struct flow *f, struct splice *s)
{
	int to = s->has_pipe ? s->pipe[1] : f->to->out;
	ssize_t n = move_bytes(f, f->from->in, to, SPLICE_BYTES);
	int error = n == -1 ? errno : 0;
	struct strategy_result result;

	if (n > 0) {
		flow_saw(f, FLOW_SOURCE, NULL, (size_t)n);
		splice_count_burst(f, s, (size_t)n);
		if (s->has_pipe)
			s->held += (size_t)n;
		else
			flow_saw(f, FLOW_SINK, NULL, (size_t)n);
		return (struct strategy_result){ 0 };
	}
	if (is_not_yet(error) && is_sink_full(f, s))
		return strategy_sink(STREAM_WANT_WRITE, error);
	if (error != 0 && !is_not_yet(error) && !is_for_copy(error))
		return move_failed(f, error);
	/* The end, or something the kernel does not splice: a read tells. */
	result = copy_fill(f);
	result.gives_up = is_for_copy(error);
	return result;
}

static struct strategy_result
splice_fill(struct flow *f)
{
	uint64_t before = f->bytes_in;
	struct strategy_result result;

	if (f->strategy_state != NULL)
		return fill_spliced(f, f->strategy_state);
	result = copy_fill(f);
	if (f->bytes_in - before < SPLICE_FROM &&
	    f->options.choice != STRATEGY_SPLICE)
		return result;
	/* The kernel does not see what was put back. */
	if (f->from->prefix == NULL)
		result.gives_up = !splice_begin(f);
	return result;
}

/* What is in our pipe goes on through the buffer.  Returns 0, or an errno. */
static int
take_back(struct flow *f, struct splice *s)
{
	uint8_t *space = buffer_reserve(&f->buffer, s->held);
	ssize_t n;

	if (space == NULL)
		return errno;
	n = read(s->pipe[0], space, s->held);
	if (n == -1)
		return errno;
	buffer_commit(&f->buffer, (size_t)n);
	s->held -= (size_t)n;
	return s->held == 0 ? 0 : EIO;
}

static struct strategy_result
drain_pipe(struct flow *f, struct splice *s)
{
	struct strategy_result result;

	while (s->held > 0) {
		ssize_t n = move_bytes(f, s->pipe[0], f->to->out, s->held);
		int error = n == -1 ? errno : EIO;

		if (n > 0) {
			flow_saw(f, FLOW_SINK, NULL, (size_t)n);
			s->held -= (size_t)n;
			continue;
		}
		if (is_not_yet(error))
			return strategy_sink(STREAM_WANT_WRITE, error);
		if (n == -1 && is_for_copy(error))
			error = take_back(f, s);
		if (error != 0)
			return sink_failed(error);
		result = copy_drain(f);
		result.gives_up = true;
		return result;
	}
	return (struct strategy_result){ 0 };
}

static size_t
splice_held(const struct flow *f)
{
	const struct splice *s = f->strategy_state;

	return s == NULL ? 0 : s->held;
}

static bool
splice_can_read(const struct flow *f)
{
	if (f->strategy_state == NULL)
		return copy_can_read(f);
	return !f->is_blocked && splice_held(f) == 0 && !copy_has_data(f);
}

static bool
splice_has_data(const struct flow *f)
{
	return splice_held(f) > 0 || copy_has_data(f);
}

static int64_t
splice_deadline(const struct flow *f)
{
	const struct splice *s = f->strategy_state;

	return s == NULL ? LOOP_NEVER : s->coalesce_until;
}

static struct strategy_result
splice_drain(struct flow *f)
{
	struct splice *s = f->strategy_state;
	struct strategy_result result;

	if (s != NULL && s->coalesce_until <= f->now)
		splice_end_burst(f, s);
	result = copy_drain(f);
	return s == NULL || result.sink != 0 ? result : drain_pipe(f, s);
}

static const struct strategy splice_strategy = {
	.name = "splice",
	.can_read = splice_can_read,
	.has_data = splice_has_data,
	.fill = splice_fill,
	.drain = splice_drain,
	.held = splice_held,
	.deadline = splice_deadline,
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
