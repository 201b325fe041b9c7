/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What the end of one flow means to the other, and to the session: which ends
 * are dead, what is lost, and what is reported.
 */
#include <errno.h>

#include "observe/event.h"
#include "relay/relay_impl.h"
#include "stream/stream.h"

bool
flow_is_over(const struct flow *f)
{
	return f->state == FLOW_SHUT;
}

/* It counts as an end, but the connection is dead. */
static bool
is_abort_tolerated(const struct relay *r)
{
	return r->inbound.failure == FLOW_OK && r->inbound.error != 0;
}

bool
relay_is_remote_dead(const struct relay *r)
{
	return r->inbound.failure == FLOW_SOURCE_FAILED ||
	    is_abort_tolerated(r) ||
	    (r->remote->kind->is_connection &&
		r->outbound.failure == FLOW_SINK_FAILED);
}

bool
relay_is_local_dead(const struct relay *r)
{
	return r->local->kind->is_connection &&
	    (r->outbound.failure == FLOW_SOURCE_FAILED ||
		r->inbound.failure == FLOW_SINK_FAILED);
}

void
relay_fail(struct relay *r)
{
	r->result.is_complete = false;
	r->remote->is_reset = r->remote->kind->is_connection;
	r->local->is_reset = r->local->kind->is_connection;
}

/* A client that resets without having sent anything is a health check. */
static bool
is_health_check(const struct relay *r, int error)
{
	return r->options.is_one_of_many && flow_is_reset(error) &&
	    r->inbound.bytes_in == 0 && !stream_has_input(r->remote);
}

void
relay_report_remote(struct relay *r, const char *what, int error, size_t lost)
{
	bool has_left = r->is_peer_ended && r->local->kind->is_unpolled &&
	    flow_is_reset(error);
	struct event_end peer = stream_source(r->remote);

	peer.name = what;
	if (!r->is_remote_reported && (has_left || is_health_check(r, error)))
		event_say(EVENT_PEER_LEFT, .peer = peer, .error = error,
		    .lost = lost);
	else if (!r->is_remote_reported)
		event_say(EVENT_PEER_FAILED, .peer = peer, .error = error,
		    .lost = lost);
	r->is_remote_reported = r->result.is_peer_failed = true;
	r->result.is_complete = false;
}

void
relay_report_target(struct relay *r, int error, size_t lost)
{
	if (!r->is_local_reported)
		event_say(EVENT_TARGET_FAILED, .target = stream_sink(r->local),
		    .peer = stream_source(r->remote), .error = error,
		    .lost = lost);
	r->is_local_reported = true;
	r->result.is_complete = false;
	r->remote->is_reset = r->remote->kind->is_connection;
}

bool
relay_is_limited(const struct relay *r)
{
	return flow_is_limited(&r->inbound);
}

bool
relay_has_answer(const struct relay *r)
{
	return r->options.owns_local && !r->local->kind->is_unpolled;
}

/*
 * A target takes no more.  If it finished before, and nothing was in transit to
 * it, it has simply closed.  Otherwise bytes of the peer are lost, which is
 * reported, and the peer is reset.
 */
static void
judge_target(struct relay *r)
{
	const struct flow *f = &r->inbound;

	if (f->is_hangup && r->outbound.state == FLOW_OPEN)
		return;
	r->is_local_judged = true;
	if (f->is_hangup && f->lost == 0 && !stream_has_input(r->remote) &&
	    r->outbound.failure == FLOW_OK) {
		event_say(EVENT_PEER_CLOSED, .peer = stream_sink(r->local));
		return;
	}
	relay_report_target(r, f->error, f->lost);
	if (f->error != EPIPE)
		flow_fail_source(&r->outbound, f->error);
}

/*
 * The local reader has closed, or cannot store more.  If it also writes our
 * input, what it wrote before is still sent.
 */
void
relay_judge_local_sink(struct relay *r)
{
	const struct flow *f = &r->inbound;

	if (f->failure != FLOW_SINK_FAILED || r->is_local_judged)
		return;
	r->result.is_local_gone = true;
	if (r->local->kind->is_connection) {
		judge_target(r);
		return;
	}
	r->is_local_judged = true;
	r->result.is_complete = false;
	r->result.is_reader_gone = f->error == EPIPE;
	if (f->error == EPIPE) {
		/* A command that still runs sees an end of file, at once. */
		if (relay_has_answer(r))
			stream_shut(r->local);
		return;
	}
	event_failed(r->local->sink, f->error);
	relay_fail(r);
}

void
relay_judge_local_source(struct relay *r)
{
	if (r->outbound.failure != FLOW_SOURCE_FAILED || r->is_local_reported)
		return;
	r->is_local_reported = r->result.is_source_failed = true;
	r->result.is_complete = false;
	event_failed(r->local->source, r->outbound.error);
}

/* What is in transit to the peer is lost nevertheless. */
static void
judge_tolerated(struct relay *r)
{
	size_t lost = stream_unsent(r->remote);

	r->is_abort_judged = true;
	if (lost > 0)
		relay_report_remote(r, r->remote->sink, r->inbound.error, lost);
	else
		event_say(EVENT_ABORT_TOLERATED,
		    .peer = stream_source(r->remote),
		    .error = r->inbound.error);
}

/* A reset after the peer's last bytes: nothing can be written to it. */
void
relay_judge_remote_source(struct relay *r)
{
	if (is_abort_tolerated(r) && !r->is_abort_judged)
		judge_tolerated(r);
	if (r->inbound.failure != FLOW_SOURCE_FAILED || r->is_remote_reported)
		return;
	r->is_remote_judged = true;
	if (!flow_is_over(&r->outbound))
		flow_abandon(&r->outbound, r->inbound.error);
	relay_report_remote(
	    r, r->remote->source, r->inbound.error, r->outbound.lost);
}

/* Whether the peer's system has everything that was to be sent. */
static bool
has_peer_all(const struct relay *r)
{
	return r->outbound.lost == 0 && stream_unsent(r->remote) == 0 &&
	    !stream_has_input(r->local);
}

/*
 * The peer takes no more.  If it finished before, and everything to be sent by
 * then has reached its system, it has simply closed, and nothing is lost.  A
 * hang-up may be seen before the end of file is read, so the verdict waits for
 * that; an error is certain at once.
 */
void
relay_judge_remote_sink(struct relay *r)
{
	const struct flow *f = &r->outbound;
	bool has_all;

	if (f->failure != FLOW_SINK_FAILED || r->is_remote_judged)
		return;
	stream_give_up(r->local);
	if (f->error == EPIPE && r->inbound.state == FLOW_OPEN)
		return;
	r->is_remote_judged = true;
	has_all = has_peer_all(r);
	if (r->is_peer_ended && has_all && f->bytes_out == r->sent_before_end) {
		event_say(EVENT_PEER_CLOSED, .peer = stream_sink(r->remote),
		    .error = f->error);
	} else if (has_all && r->options.tolerate_abort &&
	    flow_is_reset(f->error)) {
		event_say(EVENT_ABORT_TOLERATED, .peer = stream_sink(r->remote),
		    .error = f->error);
	} else {
		relay_report_remote(r, r->remote->sink, f->error, f->lost);
		flow_fail_source(&r->inbound, f->error);
	}
}

void
relay_judge_at_last(struct relay *r)
{
	const struct flow *out = &r->outbound, *in = &r->inbound;

	if (out->failure == FLOW_SINK_FAILED && !r->is_remote_judged &&
	    !has_peer_all(r))
		relay_report_remote(r, r->remote->sink, out->error, out->lost);
	if (in->failure == FLOW_SINK_FAILED && !r->is_local_judged &&
	    (in->lost > 0 || stream_has_input(r->remote)))
		relay_report_target(r, in->error, in->lost);
	r->is_remote_judged = r->is_local_judged = true;
}

/* What the end of the peer's data means to the other direction. */
void
relay_judge_peer_end(struct relay *r, int64_t now)
{
	if (r->is_peer_ended || r->inbound.state == FLOW_OPEN ||
	    r->inbound.failure == FLOW_SINK_FAILED)
		return;
	if (r->outbound.options.quiet != NULL && flow_is_over(&r->outbound) &&
	    r->inbound.failure == FLOW_OK &&
	    r->inbound.bytes_in == r->heard_before)
		event_say(EVENT_NO_ANSWER, .peer = stream_source(r->remote));
	if (relay_is_limited(r)) {
		if (!relay_has_answer(r))
			flow_finish(&r->outbound, now);
		return;
	}
	r->is_peer_ended = true;
	r->sent_before_end = r->outbound.bytes_out;
	if (r->local->is_terminal ||
	    (r->local->in == -1 && !r->local->kind->is_unpolled))
		flow_finish(&r->outbound, now);
	if (!flow_is_over(&r->outbound))
		stream_probe(r->remote);
}

/* Our own reader, or the command, has closed: the peer did nothing. */
static bool
is_unwanted(const struct relay *r, const struct flow *f)
{
	return f->failure == FLOW_SINK_FAILED && f->to == r->local &&
	    !r->local->kind->is_connection && f->error == EPIPE;
}

/* The end closed in order, unless its reset was seen in the other direction. */
static bool
is_closed(const struct relay *r, const struct flow *f)
{
	const struct flow *other =
	    f == &r->inbound ? &r->outbound : &r->inbound;

	return f->failure == FLOW_SINK_FAILED && f->is_hangup &&
	    !flow_is_reset(other->error);
}

static const char *
how_it_ended(const struct relay *r, const struct flow *f)
{
	if (is_unwanted(r, f))
		return "cut by us";
	if (is_closed(r, f))
		return "closed";
	if (f->failure != FLOW_OK)
		return flow_is_reset(f->error) ? "reset" : "failed";
	if (f == &r->inbound && relay_is_limited(r))
		return "cut by us";
	if (f->state >= FLOW_WRITTEN)
		return "end";
	return r->is_idle ? "idle" : "cut by us";
}

void
relay_report_end(const struct relay *r)
{
	const struct flow *out = &r->outbound, *in = &r->inbound;

	event_say(EVENT_ENDED, .peer = stream_source(r->remote),
	    .seconds = (double)(loop_now() - r->started_at) / 1000,
	    .sent = out->bytes_out, .sent_end = how_it_ended(r, out),
	    .received = in->bytes_in, .received_end = how_it_ended(r, in));
}
