/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The task: it steps both flows, and asks what that means.
 */
#include "relay/relay.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "observe/event.h"
#include "relay/relay_impl.h"
#include "stream/stream.h"

/* Nobody reads what we write.  Returns whether the session is over. */
static bool
is_reader_gone(struct relay *r, int64_t now)
{
	if (!r->result.is_local_gone || r->local->kind->is_connection)
		return false;
	if (r->local->drains_source && r->result.is_reader_gone &&
	    !flow_is_over(&r->outbound))
		return false;
	if (r->local->drains_source) {
		relay_leave(r, now);
		return true;
	}
	if (!r->options.owns_local)
		relay_hurry(r, false);
	relay_end(r);
	return true;
}

/*
 * Only where it is used, and something has changed: it costs a dialogue time.
 */
static void
note_quiet(struct relay *r, bool has_changed, int64_t now)
{
	const struct flow *in = &r->inbound;
	bool is_waiting = in->state == FLOW_OPEN && !flow_has_data(in) &&
	    !in->is_blocked && !in->is_short;

	if (!has_changed ||
	    (r->outbound.options.quiet == NULL && !r->options.leaves))
		return;
	quiet_note(
	    &r->quiet, in->bytes_in, r->outbound.bytes_out, is_waiting, now);
}

static void
relay_want(struct task *task, struct poll_set *set)
{
	struct relay *r = (struct relay *)task;

	if (!r->is_leaving) {
		flow_want(&r->inbound, set);
		flow_want(&r->outbound, set);
	} else if (r->lingers_remote) {
		linger_want(&r->remote_linger, r->remote, set);
	}
}

static int64_t
relay_deadline(const struct task *task)
{
	const struct relay *r = (const struct relay *)task;

	if (r->is_leaving)
		return loop_earlier(
		    r->lingers_remote ? r->remote_linger.look_at : LOOP_NEVER,
		    r->lingers_local ? r->local_linger.look_at : LOOP_NEVER);
	return loop_earlier(relay_next_timer(r),
	    loop_earlier(
		flow_deadline(&r->inbound), flow_deadline(&r->outbound)));
}

/* Inbound first: an error on the socket may come after data. */
static void
step_flows(struct relay *r, const struct poll_set *set, int64_t now)
{
	bool was_written = r->outbound.state >= FLOW_WRITTEN;

	flow_step(&r->inbound, set, now);
	relay_judge_local_sink(r);
	if (is_reader_gone(r, now))
		return;
	relay_watch(r, now);
	relay_judge_remote_source(r);
	note_quiet(
	    r, r->inbound.has_moved || r->outbound.state >= FLOW_WRITTEN, now);
	relay_judge_peer_end(r, now);
	/* There is no answer left that our end could cut off. */
	if (r->inbound.state != FLOW_OPEN)
		r->outbound.options.quiet = NULL;
	flow_step(&r->outbound, set, now);
	if (!was_written)
		r->heard_before = r->inbound.bytes_in;
	relay_judge_local_sink(r);
	relay_judge_local_source(r);
	relay_judge_remote_sink(r);
	note_quiet(r, r->outbound.has_moved, now);
}

/*
 * The peer may wait for our end, which it cannot get, since what it received is
 * incomplete: the session is over once what the peer has sent is written.
 */
static bool
has_failed_to_ask(const struct relay *r)
{
	return r->remote->kind->is_connection && flow_is_over(&r->outbound) &&
	    r->outbound.failure == FLOW_SOURCE_FAILED &&
	    !flow_has_data(&r->inbound) && !r->inbound.is_blocked;
}

static void
relay_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct relay *r = (struct relay *)task;

	if (r->is_leaving) {
		relay_linger(r, now);
		return;
	}
	step_flows(r, set, now);
	if (task->done || r->is_leaving)
		return;
	/* A session of datagrams ends only with its target. */
	if (r->remote->is_connectionless && relay_has_answer(r) &&
	    flow_is_over(&r->outbound))
		flow_finish(&r->inbound, now);
	relay_restart_timers(r, now);
	if ((flow_is_over(&r->inbound) && flow_is_over(&r->outbound)) ||
	    has_failed_to_ask(r) || relay_is_time_up(r, now)) {
		relay_leave(r, now);
		return;
	}
	if (r->options.is_one_of_many) {
		flow_trim(&r->inbound);
		flow_trim(&r->outbound);
	}
}

/*
 * The process is about to end.  An interrupt typed at a terminal is an orderly
 * end; otherwise the peer of an unfinished session is reset when its stream is
 * freed.
 */
static void
relay_interrupt(struct task *task, int number)
{
	struct relay *r = (struct relay *)task;

	if (!task->done && !r->is_leaving && !relay_has_answer(r))
		relay_hurry(r, number == SIGINT && r->local->is_terminal);
}

static void
relay_free(struct task *task)
{
	struct relay *r = (struct relay *)task;

	flow_clear(&r->inbound);
	flow_clear(&r->outbound);
	stream_free(r->remote);
	if (r->options.owns_local)
		stream_free(r->local);
	if (r->options.release != NULL)
		r->options.release(r->context);
	free(r);
}

static const struct task_ops relay_ops = {
	.name = "relay",
	.want = relay_want,
	.deadline = relay_deadline,
	.step = relay_step,
	.interrupt = relay_interrupt,
	.free = relay_free,
};

/*
 * Whether our side is shut only when the peer is quiet, since an answer may be
 * under way.
 */
static bool
waits_for_quiet(const struct relay *r)
{
	if (!r->remote->kind->is_connection || r->options.no_shutdown)
		return false;
	return r->options.shutdown_after > 0 ||
	    (r->options.shutdown_after < 0 && r->options.asks);
}

struct task *
relay_new(struct stream *local, struct stream *remote,
    const struct relay_options *options, relay_done *done, void *context)
{
	struct relay *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		stream_free(remote);
		if (options->owns_local)
			stream_free(local);
		errno = ENOMEM;
		return NULL;
	}
	r->task.ops = &relay_ops;
	r->options = *options;
	r->done = done;
	r->context = context;
	r->local = local;
	r->remote = remote;
	r->result.is_complete = true;
	r->started_at = loop_now();
	r->hold_at = r->stuck_at = LOOP_NEVER;
	r->watch_remote_at = r->watch_local_at = LOOP_NEVER;
	r->idle_at = loop_after(r->started_at, options->idle_timeout);
	quiet_init(&r->quiet, options->shutdown_after, r->started_at);
	flow_init(&r->outbound, "outbound", local, remote,
	    &(struct flow_options){
		.crlf = options->crlf,
		.telnet_encode = options->telnet,
		.no_shutdown = options->no_shutdown,
		.null_eof = options->null_eof,
		.cuts_lines = options->cuts_lines,
		.line_delay = options->line_delay,
		.datagram_size = options->datagram_size,
		.error_filter = &r->error_filter,
		.quiet = waits_for_quiet(r) ? &r->quiet : NULL,
		.choice = options->choice,
	    });
	flow_init(&r->inbound, "inbound", remote, local,
	    &(struct flow_options){
		.null_eof = options->null_eof,
		.ends_lines = options->ends_lines,
		.read_limit = options->read_limit,
		.tolerate_abort = options->tolerate_abort,
		.answers = options->telnet ? &r->outbound : NULL,
		.error_filter = &r->error_filter,
		.choice = options->choice,
	    });
	/* A server's input may have ended with an earlier client. */
	if (local->is_input_over)
		flow_finish(&r->outbound, r->started_at);
	return &r->task;
}
