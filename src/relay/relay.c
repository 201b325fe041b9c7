/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Each flow ends by itself; what is decided here is what the end of one
 * means to the other, and what a failure means to both.
 */
#include "relay/relay.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "net/stream.h"
#include "observe/log.h"
#include "relay/flow.h"
#include "relay/linger.h"

enum { PATIENCE_MS = 2000 /* with a sink that takes nothing, at least */ };

struct relay {
	struct task task;
	struct relay_options options;
	relay_done *done;
	void *context;
	struct stream *local, *remote;
	struct flow outbound, inbound;
	struct complaints complaints;
	struct relay_result result;

	bool is_peer_ended; /* its end of file was seen and dealt with */
	uint64_t sent_before_end;
	bool is_remote_reported, is_remote_judged;
	int64_t idle_at, hold_at, stuck_at;

	bool is_lingering;
	struct linger_clock linger;
};

static void
end(struct relay *r)
{
	r->result.is_whole &= !r->complaints.are_any;
	log_line(LOG_STATES,
	    "relay: sent %" PRIu64 " bytes, received %" PRIu64 " bytes",
	    r->outbound.bytes_out, r->inbound.bytes_in);
	task_end(&r->task);
	r->done(r->context, &r->result);
}

/* Says once what became of the peer, and how much of our input with it. */
static void
report_remote(struct relay *r, const char *what, int error, size_t lost)
{
	r->result.is_whole = false;
	if (r->is_remote_reported)
		return;
	r->is_remote_reported = true;
	if (lost > 0)
		log_error("%s: %s (%zu bytes of input not sent)", what,
		    strerror(error), lost);
	else
		log_error("%s: %s", what, strerror(error));
}

static void
linger(struct relay *r, int64_t now)
{
	switch (linger_look(&r->linger, r->remote, now)) {
	case LINGER_ON:
		return;
	case LINGER_FAILED:
		report_remote(r, r->remote->source, errno, 0);
		break;
	case LINGER_TIMEOUT:
		report_remote(
		    r, r->remote->sink, ETIMEDOUT, stream_unsent(r->remote));
		break;
	case LINGER_OVER:
		break;
	}
	end(r);
}

static bool
is_over(const struct flow *f)
{
	return f->state == FLOW_SHUT;
}

/* Ends a session whose peer may still be sending. */
static void
leave(struct relay *r, int64_t now)
{
	/* Nothing is left in the system to be sent after a reset. */
	if (!r->remote->is_reset &&
	    (r->remote->is_connectionless || r->is_remote_reported ||
		r->is_peer_ended)) {
		end(r);
		return;
	}
	if (!is_over(&r->outbound) && !r->options.no_shutdown)
		stream_shut(r->remote);
	r->is_lingering = true;
	linger_begin(&r->linger, now);
	linger(r, now);
}

/*
 * The local reader went away, or what it is writing to is full.  If it is
 * also who wrote our input, what it wrote before is still sent.
 */
static void
check_local_sink(struct relay *r, int64_t now)
{
	if (r->inbound.failure != FLOW_SINK_FAILED)
		return;
	if (!r->result.is_local_gone && r->inbound.error != EPIPE)
		log_error("%s: %s", r->local->sink, strerror(r->inbound.error));
	r->result.is_whole = false;
	r->result.is_local_gone = true;
	/* One connection has one error, and we have just taken it. */
	if (r->local->is_connection && r->inbound.error != EPIPE)
		r->outbound.failure = FLOW_SOURCE_FAILED;
	r->result.is_reader_gone = r->inbound.error == EPIPE;
	if (!r->local->outlives_sink)
		end(r);
	else if (is_over(&r->outbound))
		leave(r, now);
}

static void
check_local_source(struct relay *r)
{
	if (r->outbound.failure != FLOW_SOURCE_FAILED || !r->result.is_whole)
		return;
	r->result.is_whole = false;
	log_error("%s: %s", r->local->source, strerror(r->outbound.error));
}

/* A reset behind the peer's last bytes: there is nobody to write to. */
static void
check_remote_source(struct relay *r)
{
	if (r->inbound.failure != FLOW_SOURCE_FAILED || r->is_remote_reported)
		return;
	if (!is_over(&r->outbound))
		flow_abandon(&r->outbound, r->inbound.error);
	report_remote(r, r->remote->source, r->inbound.error, r->outbound.lost);
}

/*
 * The peer takes no more.  If it ended properly before, and all that was
 * there to be sent by then reached its system, it has just gone away, and
 * nothing is lost.  A hang-up may be seen before the end that stands in the
 * input, so the verdict waits for that; an error needs no more evidence.
 */
static void
check_remote_sink(struct relay *r)
{
	const struct flow *f = &r->outbound;

	if (f->failure != FLOW_SINK_FAILED || r->is_remote_judged)
		return;
	if (f->error == EPIPE && r->inbound.state == FLOW_OPEN)
		return;
	r->is_remote_judged = true;
	if (r->is_peer_ended && f->lost == 0 &&
	    f->bytes_out == r->sent_before_end &&
	    stream_unsent(r->remote) == 0 && !stream_has_input(r->local))
		log_line(LOG_STATES, "%s: gone: %s", r->remote->sink,
		    strerror(f->error));
	else
		report_remote(r, r->remote->sink, f->error, f->lost);
}

static bool
is_limited(const struct relay *r)
{
	return r->options.read_limit != 0 &&
	    r->inbound.reads >= r->options.read_limit;
}

/* Commands and targets answer what they got, and end; our input may not. */
static bool
has_answer(const struct relay *r)
{
	return r->options.owns_local && !r->local->is_unpolled;
}

/* What the end of the peer's bytes means to ours. */
static void
check_peer_end(struct relay *r)
{
	if (r->is_peer_ended || r->inbound.state == FLOW_OPEN ||
	    r->inbound.failure == FLOW_SINK_FAILED)
		return;
	if (is_limited(r)) {
		if (!has_answer(r))
			flow_finish(&r->outbound);
		return;
	}
	r->is_peer_ended = true;
	r->sent_before_end = r->outbound.bytes_out;
	if (r->local->is_terminal ||
	    (r->local->in == -1 && !r->local->is_unpolled))
		flow_finish(&r->outbound);
	if (!is_over(&r->outbound))
		stream_probe(r->remote);
}

/* Whether a flow's source has ended and its sink does not take the rest. */
static bool
is_draining(const struct flow *f)
{
	return f->state == FLOW_DRAIN && f->paused_until == 0;
}

/*
 * With -q and -W the session is to end soon: a direction that has ended may
 * take its time to drain, but not once its sink takes nothing any more.
 */
static void
restart_stuck(struct relay *r, int64_t now)
{
	int64_t patience = r->options.hold;

	if (patience < 0 && !is_limited(r))
		return;
	if (patience < PATIENCE_MS)
		patience = PATIENCE_MS;
	if (!is_draining(&r->inbound) && !is_draining(&r->outbound))
		r->stuck_at = LOOP_NEVER;
	else if (r->stuck_at == LOOP_NEVER || r->inbound.has_moved ||
	    r->outbound.has_moved)
		r->stuck_at = loop_after(now, patience);
}

/*
 * One of many datagram peers ends by being gone: it hears no more.  Another
 * may wait for its place, but what was meant for it by then is sent.
 */
static void
restart_for_peer(struct relay *r, int64_t now)
{
	if (!r->remote->is_unpolled || !is_over(&r->inbound))
		return;
	if (r->hold_at == LOOP_NEVER)
		r->hold_at = loop_after(now, PATIENCE_MS);
	if (r->remote->is_settled && !flow_has_data(&r->outbound) &&
	    !stream_has_input(r->local))
		r->hold_at = now;
}

static void
restart_timers(struct relay *r, int64_t now)
{
	bool has_ended = is_over(&r->outbound) ||
	    (is_over(&r->inbound) && !r->options.holds_for_answers);

	/* A pause that -i makes is no idleness. */
	if (r->inbound.has_moved || r->outbound.has_moved ||
	    (r->outbound.paused_until != 0 && flow_has_data(&r->outbound)))
		r->idle_at = loop_after(now, r->options.idle_timeout);
	if (has_ended && r->hold_at == LOOP_NEVER)
		r->hold_at = loop_after(now, r->options.hold);
	/* Answers to the last datagrams count the time anew. */
	if (has_ended && r->inbound.has_moved && r->remote->is_connectionless)
		r->hold_at = loop_after(now, r->options.hold);
	restart_for_peer(r, now);
	restart_stuck(r, now);
	r->inbound.has_moved = r->outbound.has_moved = false;
}

static void
check_idle(struct relay *r, int64_t now)
{
	if (r->task.done || now < r->idle_at || r->outbound.paused_until != 0)
		return;
	/* Silence is the only end that datagrams have. */
	if (!r->remote->is_connectionless) {
		log_error("%s: idle for %g s", r->remote->source,
		    (double)r->options.idle_timeout / 1000);
		r->result.is_whole = false;
	}
	end(r);
}

static void
check_hold(struct relay *r, int64_t now)
{
	const char *where = NULL, *what = "quit before all was sent";

	if (r->task.done || (now < r->hold_at && now < r->stuck_at))
		return;
	/* A spliced flow leaves in the socket what its sink does not take. */
	if (flow_has_data(&r->inbound) || r->inbound.is_blocked) {
		where = r->local->sink;
		what = "quit before all was written";
	} else if (flow_has_data(&r->outbound) ||
	    (!is_limited(r) && stream_has_input(r->local))) {
		where = r->local->source;
	}
	if (where != NULL) {
		log_error("%s: %s", where, what);
		r->result.is_whole = false;
	}
	leave(r, now);
}

static void
relay_want(struct task *task, struct poll_set *set)
{
	struct relay *r = (struct relay *)task;

	if (r->is_lingering) {
		poll_set_add(set, r->remote->in, POLLIN);
		return;
	}
	flow_want(&r->inbound, set);
	flow_want(&r->outbound, set);
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
relay_deadline(const struct task *task)
{
	const struct relay *r = (const struct relay *)task;
	int64_t flows;

	if (r->is_lingering)
		return r->linger.look_at;
	flows =
	    earlier(flow_deadline(&r->inbound), flow_deadline(&r->outbound));
	return earlier(
	    flows, earlier(r->idle_at, earlier(r->hold_at, r->stuck_at)));
}

static void
relay_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct relay *r = (struct relay *)task;

	if (r->is_lingering) {
		linger(r, now);
		return;
	}
	/* Inbound first: an error on the socket may stand behind data. */
	flow_step(&r->inbound, set, now);
	check_local_sink(r, now);
	if (task->done || r->is_lingering)
		return;
	check_remote_source(r);
	check_peer_end(r);
	flow_step(&r->outbound, set, now);
	check_local_source(r);
	check_remote_sink(r);
	restart_timers(r, now);
	if ((is_over(&r->inbound) && is_over(&r->outbound)) ||
	    r->remote->is_reset) {
		leave(r, now);
		return;
	}
	check_idle(r, now);
	check_hold(r, now);
	if (r->options.is_one_of_many) {
		flow_trim(&r->inbound);
		flow_trim(&r->outbound);
	}
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
	.free = relay_free,
};

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
	r->result.is_whole = true;
	r->hold_at = r->stuck_at = LOOP_NEVER;
	r->idle_at = loop_after(loop_now(), options->idle_timeout);
	flow_init(&r->outbound, "outbound", local, remote,
	    &(struct flow_options){
		.crlf = options->crlf,
		.telnet_encode = options->telnet,
		.no_shutdown = options->no_shutdown,
		.null_eof = options->null_eof,
		.line_delay = options->line_delay,
		.datagram_size = options->datagram_size,
		.complaints = &r->complaints,
		.choice = options->choice,
	    });
	flow_init(&r->inbound, "inbound", remote, local,
	    &(struct flow_options){
		.null_eof = options->null_eof,
		.read_limit = options->read_limit,
		.answers = options->telnet ? &r->outbound : NULL,
		.complaints = &r->complaints,
		.choice = options->choice,
	    });
	/* A server's input may have ended with an earlier client. */
	if (local->is_input_over)
		flow_finish(&r->outbound);
	return &r->task;
}
