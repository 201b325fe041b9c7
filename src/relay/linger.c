/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * There is no event for "all acknowledged", so SIOCOUTQ is polled.  Closing
 * while the peer is still sending would reset it, so it gets the time to notice
 * the end.
 */
#include "relay/linger.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "observe/event.h"
#include "stream/stream.h"

enum {
	LINGER_MS = 2000, /* for the peer's system to acknowledge more */
	LOOK_MS = 10,
	LATER_MS = 250, /* the same, at a peer that pauses */
	QUIET_MS = 250, /* after the peer has sent something: more may follow */
	READS = 64,
};

struct linger_task {
	struct task task;
	struct stream *stream;
	struct linger_clock linger;
	linger_done *done;
	void *context;
};

void
linger_begin(struct linger_clock *l, int64_t now, int64_t patience)
{
	l->moved_at = now;
	l->look_at = now;
	l->quiet_since = LOOP_NEVER;
	l->quiet = LOOK_MS;
	l->unsent = 0;
	l->keeps_input = l->is_short = l->must_shut = false;
	l->shut_code = STREAM_WANT_READ;
	l->patience = patience;
}

/* Before a reset it does not matter what the peer sends. */
static bool
is_deaf(const struct linger_clock *l, const struct stream *stream)
{
	return stream->is_reset || l->keeps_input;
}

void
linger_want(const struct linger_clock *l, const struct stream *stream,
    struct poll_set *set)
{
	if (!is_deaf(l, stream) && !l->is_short)
		poll_set_add(set, stream->in, POLLIN);
	if (l->must_shut && l->shut_code == STREAM_WANT_WRITE)
		poll_set_add(set, stream->out, POLLOUT);
}

/*
 * Reads and drops what has arrived.  Returns whether anything had, and in *code
 * why there is no more.
 */
static bool
drop_input(struct stream *stream, ssize_t *code)
{
	int reads = 0;

	while (reads < READS && (*code = stream_drop(stream)) >= 0)
		reads++;
	return reads > 0;
}

/* Whether the peer's system has everything, or accepts no more. */
static bool
is_acknowledged(struct linger_clock *l, size_t unsent, int64_t now)
{
	if (unsent < l->unsent)
		l->moved_at = now;
	l->unsent = unsent;
	return unsent == 0;
}

static bool
is_quiet(struct linger_clock *l, bool has_input, bool has_all, int64_t now)
{
	/* The peer may be in the middle of sending something. */
	if (has_input)
		l->quiet = QUIET_MS;
	if (has_input || !has_all)
		l->quiet_since = LOOP_NEVER;
	else if (l->quiet_since == LOOP_NEVER)
		l->quiet_since = now;
	return l->quiet_since != LOOP_NEVER &&
	    now >= loop_after(l->quiet_since, l->quiet);
}

/*
 * Reads and drops what has arrived, or finds out without reading whether the
 * peer has reset the connection.  Returns a stream's code.
 */
static ssize_t
listen_to(struct linger_clock *l, struct stream *stream, bool *has_input)
{
	ssize_t code = STREAM_WANT_READ;
	int error;

	*has_input = false;
	if (!is_deaf(l, stream)) {
		*has_input = drop_input(stream, &code);
		l->is_short = code == STREAM_LATER;
		return code;
	}
	error = stream_error(stream);
	if (error == 0)
		return STREAM_WANT_READ;
	errno = error;
	return STREAM_ERROR;
}

/* Ends the writing side, unless that has to wait; closing ends it, too. */
static void
try_to_shut(struct linger_clock *l, struct stream *stream)
{
	if (!l->must_shut)
		return;
	l->shut_code = stream_shut(stream);
	l->must_shut = l->shut_code != 0 && l->shut_code != STREAM_ERROR;
}

enum linger_verdict
linger_look(struct linger_clock *l, struct stream *stream, int64_t now)
{
	bool has_input, has_all, is_idle;
	ssize_t code;

	try_to_shut(l, stream);
	code = listen_to(l, stream, &has_input);
	if (code == STREAM_ERROR)
		return LINGER_FAILED;
	/* The peer may have closed, and reset what is still in transit. */
	if (code == STREAM_EOF)
		l->keeps_input = true;
	has_all =
	    is_acknowledged(l, stream_unsent(stream), now) && !l->must_shut;
	is_idle = is_quiet(l, has_input, has_all, now);
	if (is_idle || (has_all && is_deaf(l, stream)))
		return LINGER_OVER;
	if (!has_all && stream_is_lost(stream))
		return LINGER_LOST;
	l->look_at = loop_after(now, LOOK_MS);
	if (now < loop_after(l->moved_at, LINGER_MS))
		return LINGER_ON;
	if (has_all)
		return LINGER_OVER;
	l->look_at = loop_after(now, LATER_MS);
	if (!stream->is_reset && now < loop_after(l->moved_at, l->patience))
		return LINGER_ON;
	errno = ETIMEDOUT;
	return LINGER_LOST;
}

void
linger_briefly(struct stream *stream, bool must_shut, int64_t milliseconds)
{
	struct linger_clock l = { .must_shut = must_shut };
	struct pollfd p = { .fd = stream->in, .events = POLLIN };
	int64_t until = loop_after(loop_now(), milliseconds);
	ssize_t code;

	try_to_shut(&l, stream);
	while (
	    (l.must_shut || stream_unsent(stream) > 0) && loop_now() < until) {
		poll(&p, 1, 1);
		drop_input(stream, &code);
		try_to_shut(&l, stream);
	}
}

static void
report(const struct linger_task *t, int error)
{
	event_say(EVENT_NOT_ACKNOWLEDGED, .peer = stream_sink(t->stream),
	    .error = error);
}

static void
look(struct linger_task *t, int64_t now)
{
	size_t unsent = t->linger.unsent;
	bool is_delivered = true;

	switch (linger_look(&t->linger, t->stream, now)) {
	case LINGER_ON:
		return;
	case LINGER_FAILED:
		is_delivered = unsent == 0;
		break;
	case LINGER_LOST:
		is_delivered = false;
		break;
	case LINGER_OVER:
		break;
	}
	if (!is_delivered)
		report(t, errno);
	task_end(&t->task);
	t->done(t->context, is_delivered);
}

static void
linger_task_want(struct task *task, struct poll_set *set)
{
	const struct linger_task *t = (const struct linger_task *)task;

	linger_want(&t->linger, t->stream, set);
}

static int64_t
linger_deadline(const struct task *task)
{
	return ((const struct linger_task *)task)->linger.look_at;
}

static void
linger_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct linger_task *t = (struct linger_task *)task;

	(void)set;
	look(t, now);
}

static void
linger_free(struct task *task)
{
	struct linger_task *t = (struct linger_task *)task;

	stream_free(t->stream);
	free(t);
}

static const struct task_ops linger_ops = {
	.name = "linger",
	.want = linger_task_want,
	.deadline = linger_deadline,
	.step = linger_step,
	.free = linger_free,
};

void
linger_start(struct loop *loop, struct stream *stream, int64_t patience,
    linger_done *done, void *context)
{
	struct linger_task *t = calloc(1, sizeof(*t));
	int64_t now = loop_now();

	if (t == NULL || stream->in == -1) {
		stream_shut(stream);
		stream_free(stream);
		free(t);
		done(context, true);
		return;
	}
	t->task.ops = &linger_ops;
	t->stream = stream;
	t->done = done;
	t->context = context;
	linger_begin(&t->linger, now, patience);
	t->linger.must_shut = true;
	t->linger.unsent = stream_unsent(stream);
	loop_add(loop, &t->task);
	look(t, now);
}
