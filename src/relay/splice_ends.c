/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a spliced flow sets at its ends, and sets back: larger pipes, sockets
 * that splice(2) can use, and in a burst that they wait for more bytes.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/loop.h"
#include "base/pipe.h"
#include "relay/splice_impl.h"
#include "stream/stream.h"

enum {
	BURST_BYTES = 1024 * 1024, /* without a pause: the ends coalesce */
	COALESCE_MS = 1,           /* for which they may hold bytes back */
};

/* Whether one call takes the bytes from one end to the other. */
static bool
is_direct(const struct flow *f)
{
	enum stream_medium from = f->from->in_medium, to = f->to->out_medium;

	return from == STREAM_PIPE || to == STREAM_PIPE ||
	    (from == STREAM_FILE && to == STREAM_SOCKET);
}

bool
splice_begin(struct flow *f)
{
	struct splice *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return false;
	s->coalesce_until = LOOP_NEVER;
	if (!is_direct(f)) {
		if (pipe2(s->pipe, O_CLOEXEC | O_NONBLOCK) == -1) {
			free(s);
			return false;
		}
		s->has_pipe = true;
		pipe_grow(s->pipe[0]);
	}
	if (f->from->in_medium == STREAM_PIPE)
		s->source_size = pipe_grow(f->from->in);
	if (f->to->out_medium == STREAM_PIPE)
		s->sink_size = pipe_grow(f->to->out);
	if (f->from->in_medium == STREAM_SOCKET)
		stream_prepare_splice(f->from);
	f->strategy_state = s;
	return true;
}

void
splice_end_burst(struct flow *f, struct splice *s)
{
	if (s->coalesce_until != LOOP_NEVER) {
		stream_batch_reads(f->from, false);
		stream_batch_writes(f->to, false);
	}
	s->coalesce_until = LOOP_NEVER;
	s->burst_bytes = 0;
}

void
splice_count_burst(struct flow *f, struct splice *s, size_t length)
{
	if (loop_after(s->moved_at, COALESCE_MS) < f->now)
		s->burst_bytes = 0;
	s->moved_at = f->now;
	s->burst_bytes += length;
	if (s->burst_bytes < BURST_BYTES)
		return;
	if (s->coalesce_until == LOOP_NEVER) {
		stream_batch_reads(f->from, true);
		stream_batch_writes(f->to, true);
	}
	s->coalesce_until = loop_after(f->now, COALESCE_MS);
}

void
splice_clear(struct flow *f)
{
	struct splice *s = f->strategy_state;

	if (s == NULL)
		return;
	splice_end_burst(f, s);
	pipe_restore(f->from->in, s->source_size);
	pipe_restore(f->to->out, s->sink_size);
	if (s->has_pipe) {
		close(s->pipe[0]);
		close(s->pipe[1]);
	}
	free(s);
	f->strategy_state = NULL;
}
