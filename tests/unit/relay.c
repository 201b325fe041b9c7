/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A relay between ends that do as they are told, through every order of what
 * can happen to them.  Whatever the order: the session ends, or something can
 * still come that moves it; no byte is lost in silence; and a peer is reset
 * exactly where it could take a failure for an end.
 */
#include "relay/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "relay/relay_impl.h"
#include "stream/stream.h"
#include "tap.h"

enum { SOME = 1000, TURNS = 400 };

enum sink { SINK_TAKES, SINK_FULL, SINK_GONE, SINK_SHORT, SINK_BROKEN };

struct end {
	struct stream stream;
	size_t available; /* to be read before the end */
	size_t read, written;
	size_t unsent;  /* that the peer's system has not acknowledged */
	bool has_ended; /* behind what is available */
	int read_error; /* in the place of the end */
	enum sink sink;
	int error; /* what SO_ERROR would tell */
	bool aborts, is_shut;
	struct verdict *verdict;
	bool is_remote;
};

/* What a run came to. */
struct verdict {
	int done;
	struct relay_result result;
	bool is_peer_reset, is_target_reset;
	struct end *local, *remote;
};

enum kind { PLAIN, COMMAND, TARGET, KINDS };

static const char *const kinds[] = { "standard streams", "a command",
	"a target" };

static struct end *
end_of(struct stream *s)
{
	return (struct end *)s;
}

static void
update(struct end *e)
{
	short ready = 0;

	if (e->available > 0 || e->has_ended || e->read_error != 0)
		ready |= POLLIN;
	if (e->sink == SINK_TAKES || e->sink == SINK_SHORT)
		ready |= POLLOUT;
	if (e->sink == SINK_GONE)
		ready |= POLLERR | POLLHUP;
	e->stream.ready = ready;
}

static ssize_t
end_read(struct stream *s, void *bytes, size_t length)
{
	struct end *e = end_of(s);

	if (e->available > 0) {
		length = length < e->available ? length : e->available;
		memset(bytes, 'x', length - 1);
		((char *)bytes)[length - 1] = '\n';
		e->available -= length;
		e->read += length;
		update(e);
		return (ssize_t)length;
	}
	if (e->read_error != 0) {
		errno = e->read_error;
		return STREAM_ERROR;
	}
	if (!e->has_ended)
		return STREAM_WANT_READ;
	s->is_input_over = true;
	return STREAM_EOF;
}

static ssize_t
end_write(struct stream *s, const void *bytes, size_t length)
{
	struct end *e = end_of(s);

	(void)bytes;
	switch (e->sink) {
	case SINK_TAKES:
		e->written += length;
		return (ssize_t)length;
	case SINK_FULL:
		return STREAM_WANT_WRITE;
	case SINK_SHORT:
		errno = ENOBUFS;
		return STREAM_LATER;
	case SINK_GONE:
		errno = EPIPE;
		return STREAM_ERROR;
	case SINK_BROKEN:
		break;
	}
	errno = EIO;
	return STREAM_ERROR;
}

static int
end_shut(struct stream *s)
{
	end_of(s)->is_shut = true;
	end_of(s)->aborts = false;
	return 0;
}

static int
end_error(struct stream *s)
{
	int error = end_of(s)->error;

	end_of(s)->error = 0;
	return error;
}

static void
end_set_abort(struct stream *s, bool on)
{
	if (s->is_connection)
		end_of(s)->aborts = on;
}

static size_t
end_unsent(struct stream *s)
{
	return end_of(s)->unsent;
}

static bool
end_has_input(struct stream *s)
{
	return end_of(s)->available > 0;
}

static void
end_free(struct stream *s)
{
	struct end *e = end_of(s);
	bool is_reset = s->is_connection && (e->aborts || s->is_reset);

	if (e->is_remote)
		e->verdict->is_peer_reset = is_reset;
	else
		e->verdict->is_target_reset = is_reset;
}

static const struct stream_ops end_ops = {
	.read = end_read,
	.write = end_write,
	.read_messages = stream_read_message,
	.write_messages = stream_write_message,
	.shut = end_shut,
	.error = end_error,
	.probe = stream_needs_nothing,
	.set_abort = end_set_abort,
	.unsent = end_unsent,
	.round_trip = stream_has_no_round_trip,
	.is_lost = stream_is_never_lost,
	.batch_reads = stream_ignores,
	.batch_writes = stream_ignores,
	.prepare_splice = stream_needs_nothing,
	.set_waits = stream_ignores,
	.has_input = end_has_input,
	.free = end_free,
};

/* Descriptors that are never polled: ready tells all. */
static void
end_init(struct end *e, const char *name, int fd, struct verdict *verdict)
{
	*e = (struct end){ .verdict = verdict };
	e->stream.ops = &end_ops;
	e->stream.in = e->stream.out = fd;
	strlcpy(e->stream.source, name, sizeof(e->stream.source));
	strlcpy(e->stream.sink, name, sizeof(e->stream.sink));
	update(e);
}

/* What can happen.  The last two are the user's. */
enum event {
	INPUT_END,
	PEER_END,
	PEER_RESET,
	READER_GONE,
	PEER_GONE,
	READER_FULL,
	PEER_FULL,
	INPUT_FAILS,
	PEER_SHORT,
	PEER_BROKEN,
	EVENTS,
};

static const char *const events[] = { "input ends", "peer ends", "peer resets",
	"reader goes", "peer goes", "reader is full", "peer is full",
	"input fails", "memory is short", "sending fails" };

static void
happen(struct verdict *v, enum event event)
{
	struct end *local = v->local, *remote = v->remote;

	/* Each direction has something under way. */
	if (!local->has_ended && local->read_error == 0)
		local->available += SOME;
	if (!remote->has_ended && remote->read_error == 0)
		remote->available += SOME;
	switch (event) {
	case INPUT_END:
		local->has_ended = true;
		break;
	case PEER_END:
		remote->has_ended = true;
		break;
	case PEER_RESET:
		remote->read_error = ECONNRESET;
		remote->sink = SINK_GONE;
		break;
	case READER_GONE:
		local->sink = SINK_GONE;
		break;
	case PEER_GONE:
		remote->has_ended = true;
		remote->sink = SINK_GONE;
		remote->error = EPIPE;
		break;
	case READER_FULL:
		if (local->sink == SINK_TAKES)
			local->sink = SINK_FULL;
		break;
	case PEER_FULL:
		if (remote->sink == SINK_TAKES)
			remote->sink = SINK_FULL;
		break;
	case INPUT_FAILS:
		if (!local->has_ended)
			local->read_error = EIO;
		break;
	case PEER_SHORT:
		if (remote->sink == SINK_TAKES)
			remote->sink = SINK_SHORT;
		break;
	case PEER_BROKEN:
		if (remote->sink == SINK_TAKES)
			remote->sink = SINK_BROKEN;
		break;
	case EVENTS:
		break;
	}
	update(local);
	update(remote);
}

static void
note_done(void *context, const struct relay_result *result)
{
	struct verdict *v = context;

	v->done++;
	v->result = *result;
}

/* Steps when it is due, and returns when that was. */
static int64_t
run_once(struct task *task, int64_t now)
{
	struct poll_set set = { 0 };
	int64_t due = task->ops->deadline(task);

	now = due > now ? due : now;
	task->ops->want(task, &set);
	task->ops->step(task, &set, now);
	free(set.fds);
	return now;
}

/* Steps until nothing is due; the clock jumps to what is, at the most so far.
 */
static int64_t
run(struct task *task, int64_t now, int64_t until)
{
	for (int i = 0; i < TURNS && !task->done; i++) {
		if (task->ops->deadline(task) > until)
			break;
		now = run_once(task, now);
	}
	return now;
}

/* Whether an end that has not failed can still bring or take something. */
static bool
is_awaited(const struct verdict *v, const struct relay *r)
{
	const struct end *local = v->local, *remote = v->remote;
	bool reads_local = r->outbound.state == FLOW_OPEN &&
	    !r->outbound.is_blocked && !local->has_ended;
	bool reads_remote = r->inbound.state == FLOW_OPEN &&
	    !r->inbound.is_blocked && !remote->has_ended;
	bool writes_local = r->inbound.is_blocked && local->sink == SINK_FULL;
	bool writes_remote =
	    r->outbound.is_blocked && remote->sink == SINK_FULL;

	return reads_local || reads_remote || writes_local || writes_remote;
}

static const char *
wrong(const struct verdict *v, const struct relay *r, bool is_over)
{
	const struct end *local = v->local, *remote = v->remote;
	bool all_sent = local->read == remote->written;
	bool all_received = remote->read == local->written;

	if (!is_over)
		return is_awaited(v, r) ? NULL : "nothing can move it";
	if (v->done != 1)
		return "done was not called once";
	if (v->result.is_complete && !(all_sent && all_received))
		return "bytes were lost in silence";
	if (v->result.is_complete && v->is_peer_reset)
		return "a whole session was reset";
	if (!all_sent && local->read_error == 0 && !v->is_peer_reset &&
	    remote->sink != SINK_GONE)
		return "the peer takes a failure for an end";
	if (local->read_error != 0 && !v->is_peer_reset &&
	    remote->sink == SINK_TAKES && remote->read_error == 0)
		return "the peer takes a failed input for an end";
	return NULL;
}

/* Returns what is wrong, or NULL. */
static const char *
try_order(enum kind kind, const struct relay_options *base,
    const enum event *order, size_t count)
{
	struct verdict v = { 0 };
	struct end local, remote;
	struct relay_options options = *base;
	int64_t start = loop_now(), now = start;
	struct task *task;
	const char *why;

	end_init(&local, "local", 100, &v);
	end_init(&remote, "remote", 101, &v);
	v.local = &local;
	v.remote = &remote;
	remote.is_remote = remote.stream.is_connection = true;
	local.stream.outlives_sink = kind != PLAIN;
	local.stream.is_connection = kind == TARGET;
	options.owns_local = kind != PLAIN;
	options.asks = kind == PLAIN && base->asks;
	options.choice = STRATEGY_COPY;
	task =
	    relay_new(&local.stream, &remote.stream, &options, note_done, &v);
	for (size_t i = 0; i < count && !task->done; i++) {
		happen(&v, order[i]);
		now = run(task, now, now + 1);
	}
	now = run(task, now, start + 3600 * 1000);
	why = wrong(&v, (struct relay *)task, task->done);
	if (why == NULL || !task->done) {
		task->ops->free(task);
		return why;
	}
	task->ops->free(task);
	return wrong(&v, NULL, true);
}

static void
say_order(
    const char *why, enum kind kind, const enum event *order, size_t count)
{
	printf("# %s: %s:", why, kinds[kind]);
	for (size_t i = 0; i < count; i++)
		printf(" %s;", events[order[i]]);
	printf("\n");
}

/* Every order of so many different events. */
static int
try_orders(enum kind kind, const struct relay_options *options,
    enum event *order, size_t used, size_t count)
{
	int failures = 0;
	const char *why;

	if (used > 0) {
		why = try_order(kind, options, order, used);
		if (why != NULL) {
			say_order(why, kind, order, used);
			failures++;
		}
	}
	for (int e = 0; e < EVENTS && used < count; e++) {
		bool is_used = false;

		for (size_t i = 0; i < used; i++)
			is_used |= order[i] == (enum event)e;
		if (is_used)
			continue;
		order[used] = (enum event)e;
		failures += try_orders(kind, options, order, used + 1, count);
	}
	return failures;
}

static void
every_order_ends(const char *name, const struct relay_options *options)
{
	enum event order[4];

	for (int kind = 0; kind < KINDS; kind++)
		ok(try_orders((enum kind)kind, options, order, 0, 4) == 0,
		    "every order of events ends in order, with %s%s",
		    kinds[kind], name);
}

/*
 * A line has been sent, of which so much is not acknowledged, and then
 * nothing happens for a minute.
 */
static void
rests(const char *name, const struct relay_options *options, size_t unsent)
{
	enum { MINUTE = 60 * 1000, STEPS_MAX = 1000 };
	struct verdict v = { 0 };
	struct end local, remote;
	int64_t start = loop_now(), now = start;
	struct task *task;
	int steps = 0;

	end_init(&local, "local", 100, &v);
	end_init(&remote, "remote", 101, &v);
	v.local = &local;
	v.remote = &remote;
	remote.is_remote = remote.stream.is_connection = true;
	remote.unsent = unsent;
	local.available = SOME;
	local.has_ended = options->leaves;
	update(&local);
	task = relay_new(&local.stream, &remote.stream, options, note_done, &v);
	for (; steps < STEPS_MAX && !task->done; steps++) {
		if (task->ops->deadline(task) > start + MINUTE)
			break;
		now = run_once(task, now);
	}
	ok(steps < STEPS_MAX, "it rests while there is nothing to do, with %s",
	    name);
	task->ops->free(task);
}

int
main(void)
{
	const struct relay_options plain = { .hold = -1,
		.idle_timeout = -1,
		.shutdown_after = -1,
		.asks = true };
	struct relay_options options = plain;
	int null = open("/dev/null", O_WRONLY);

	/* What it says is not what is tested here. */
	if (null == -1 || dup2(null, STDERR_FILENO) == -1)
		return 1;
	every_order_ends("", &plain);
	options.shutdown_after = 0;
	every_order_ends(" and -N", &options);
	options = plain;
	options.hold = 100;
	every_order_ends(" and -q", &options);
	options = plain;
	options.idle_timeout = 5000;
	every_order_ends(" and -w", &options);
	options = plain;
	options.no_shutdown = true;
	every_order_ends(" and --no-shutdown", &options);
	options = plain;
	options.tolerate_abort = true;
	every_order_ends(" and --tolerate-abort", &options);
	options = plain;
	options.is_one_of_many = true;
	every_order_ends(" among many", &options);
	options = plain;
	options.leaves = true;
	options.shutdown_after = 0;
	rests("--send-only", &options, SOME);
	options = plain;
	options.line_delay = 5000;
	options.idle_timeout = 1000;
	rests("-i and -w", &options, 0);
	return tap_end();
}
