/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * How a session ends: in order, once all that was written has arrived, or in a
 * hurry, when the process is about to end.
 */
#include <errno.h>

#include "observe/event.h"
#include "relay/relay_impl.h"
#include "stream/stream.h"

enum {
	HURRY_BYTES = 64 * 1024, /* of input, when we are told to stop */
	HURRY_MS = 100,
};

void
relay_end(struct relay *r)
{
	r->result.is_complete &= !r->error_filter.are_any;
	error_filter_end(&r->error_filter);
	event_say(EVENT_MOVED, .peer = stream_source(r->remote),
	    .sent = r->outbound.bytes_out, .received = r->inbound.bytes_in);
	relay_report_end(r);
	task_end(&r->task);
	r->done(r->context, &r->result);
}

/* Returns whether the peer's system is still waited for. */
static bool
linger_remote(struct relay *r, int64_t now)
{
	struct stream *remote = r->remote;

	switch (linger_look(&r->remote_linger, remote, now)) {
	case LINGER_ON:
		return true;
	case LINGER_FAILED:
		relay_report_remote(
		    r, remote->source, errno, stream_unsent(remote));
		break;
	case LINGER_LOST:
		relay_report_remote(
		    r, remote->sink, errno, stream_unsent(remote));
		remote->is_reset = remote->kind->is_connection;
		break;
	case LINGER_OVER:
		break;
	}
	return false;
}

/* The same of a target.  What it is reset for has been told. */
static bool
linger_local(struct relay *r, int64_t now)
{
	struct stream *local = r->local;
	bool is_told = local->is_reset;

	switch (linger_look(&r->local_linger, local, now)) {
	case LINGER_ON:
		return true;
	case LINGER_FAILED:
		if (!is_told)
			relay_report_target(r, errno, stream_unsent(local));
		break;
	case LINGER_LOST:
		if (!is_told)
			relay_report_target(r, errno, stream_unsent(local));
		local->is_reset = true;
		break;
	case LINGER_OVER:
		break;
	}
	return false;
}

void
relay_linger(struct relay *r, int64_t now)
{
	r->lingers_local = r->lingers_local && linger_local(r, now);
	r->lingers_remote = r->lingers_remote && linger_remote(r, now);
	if (!r->lingers_local && !r->lingers_remote)
		relay_end(r);
}

/* With a peer whose reader pauses: as long as it may be idle. */
static int64_t
patience(const struct relay *r)
{
	if (r->options.hold >= 0 || relay_is_limited(r))
		return 0;
	return r->options.idle_timeout;
}

/* What a failure has cut short must not look complete to its reader. */
static void
reset_if_cut(struct flow *f)
{
	bool is_complete = flow_is_over(f) && f->failure == FLOW_OK;

	if (!is_complete && !f->from->is_mute)
		f->to->is_reset = f->to->kind->is_connection;
}

/* One that has ended may have left, and refuse what is on its way to it. */
static bool
must_linger_remote(const struct relay *r)
{
	if (r->remote->is_connectionless || relay_is_remote_dead(r) ||
	    r->is_remote_reported)
		return false;
	return !r->is_peer_ended || r->remote->is_reset ||
	    stream_unsent(r->remote) > 0;
}

static bool
must_linger_local(const struct relay *r)
{
	if (relay_is_local_dead(r))
		return false;
	return r->local->is_reset ||
	    (!r->is_local_reported && stream_unsent(r->local) > 0);
}

/* What did not fail ends properly, though it may be we who end it. */
static void
end_properly(struct relay *r)
{
	struct stream *remote = r->remote, *local = r->local;

	if (r->lingers_remote && !flow_is_over(&r->outbound) &&
	    !remote->is_reset && !r->options.no_shutdown)
		r->remote_linger.must_shut = true;
	else if (!remote->is_reset)
		stream_set_abort(remote, false);
	if (!local->is_reset && r->inbound.failure == FLOW_OK)
		stream_set_abort(local, false);
}

void
relay_leave(struct relay *r, int64_t now)
{
	r->is_leaving = true;
	relay_judge_at_last(r);
	if (!r->result.is_complete) {
		reset_if_cut(&r->outbound);
		reset_if_cut(&r->inbound);
	}
	stream_give_up(r->local);
	r->lingers_remote = must_linger_remote(r);
	r->lingers_local = must_linger_local(r);
	linger_begin(&r->remote_linger, now, patience(r));
	linger_begin(&r->local_linger, now, patience(r));
	end_properly(r);
	/* What came since for a target that has left has not been taken. */
	r->remote_linger.keeps_input = r->is_peer_ended ||
	    (r->result.is_local_gone && r->local->kind->is_connection);
	r->local_linger.keeps_input = true;
	relay_linger(r, now);
}

/*
 * There is no time to wait.  If the end of input is among what stands ready,
 * and all of it could be written, or if there is none that could be cut, our
 * end is a proper one, and what was sent is given a moment to arrive.
 */
void
relay_hurry(struct relay *r, bool is_proper)
{
	const struct flow *f = &r->outbound;
	bool must_shut;

	if (!flow_is_over(f) && !r->local->is_mute)
		flow_hurry(&r->outbound, HURRY_BYTES);
	is_proper |= r->local->is_mute;
	must_shut = !flow_is_over(f) && is_proper;
	is_proper |= flow_is_over(f) && f->failure == FLOW_OK;
	if (is_proper && r->remote->kind->is_connection &&
	    !r->options.is_one_of_many)
		linger_briefly(r->remote, must_shut, HURRY_MS);
	else if (must_shut)
		stream_shut(r->remote);
}
