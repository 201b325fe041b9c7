/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The timers of a session: idleness, -q, blocked sinks, and peers whose systems
 * do not answer any more.
 */
#include <errno.h>

#include "observe/event.h"
#include "relay/relay_impl.h"
#include "stream/stream.h"

enum {
	PATIENCE_MS = 2000,  /* for a sink that takes nothing, at least */
	SEND_ONLY_MS = 2000, /* of quiet, when the peer has everything */
	LOOK_MS = 100,       /* between looks whether it has */
};

/* Whether a flow has bytes, or an end, that its sink does not take. */
static bool
is_stuck(const struct flow *f)
{
	if (f->state == FLOW_DRAIN)
		return f->paused_until == 0 && !f->is_short;
	return f->state != FLOW_SHUT && f->is_blocked;
}

static bool
is_draining(const struct flow *f)
{
	return f->state != FLOW_OPEN && is_stuck(f);
}

/* A connection that takes no more may not report its error to a read either. */
static bool
is_waiting_for_source(const struct flow *f)
{
	return f->state == FLOW_OPEN && !f->is_blocked && !flow_has_data(f);
}

/*
 * A session that is to end soon, by -q, by -W, or because one end is dead,
 * waits for held bytes as long as the sink takes some.  Standard output is
 * never given up because the peer is dead: its reader may pause for any time.
 */
static bool
is_waiting_for_sink(const struct relay *r)
{
	if (r->is_quitting && flow_has_data(&r->outbound))
		return is_stuck(&r->outbound);
	if ((r->options.hold >= 0 || relay_is_limited(r)) &&
	    (is_draining(&r->inbound) || is_draining(&r->outbound)))
		return true;
	if (relay_is_remote_dead(r))
		return relay_has_answer(r) ? !flow_is_over(&r->inbound)
					   : is_waiting_for_source(&r->inbound);
	if (relay_has_answer(r) && !flow_is_over(&r->inbound) &&
	    r->outbound.failure == FLOW_SOURCE_FAILED)
		return true;
	/* What a target sent before it hung up is complete. */
	if (r->inbound.is_hangup && r->outbound.failure == FLOW_OK)
		return false;
	return relay_is_local_dead(r) && !flow_is_over(&r->outbound);
}

static void
restart_stuck(struct relay *r, int64_t now)
{
	int64_t patience = r->options.hold;

	if (patience < PATIENCE_MS)
		patience = PATIENCE_MS;
	if (!is_waiting_for_sink(r))
		r->stuck_at = LOOP_NEVER;
	else if (r->stuck_at == LOOP_NEVER || r->inbound.has_moved ||
	    r->outbound.has_moved)
		r->stuck_at = loop_after(now, patience);
}

/* -q counts from the end of input, and again from each datagram. */
static void
restart_hold(struct relay *r, int64_t now)
{
	bool has_ended = r->outbound.state != FLOW_OPEN ||
	    (r->options.holds_from_peer && r->inbound.state != FLOW_OPEN);
	bool is_first = r->hold_at == LOOP_NEVER && !r->is_quitting;

	if (has_ended &&
	    (is_first ||
		(r->inbound.has_moved && r->remote->is_connectionless)))
		r->hold_at = loop_after(now, r->options.hold);
}

/*
 * This datagram peer was evicted: its session ends soon, after what was meant
 * for it is sent.
 */
static void
restart_for_peer(struct relay *r, int64_t now)
{
	if (!r->remote->kind->is_unpolled || !flow_is_over(&r->inbound) ||
	    r->is_quitting)
		return;
	if (r->hold_at == LOOP_NEVER)
		r->hold_at = loop_after(now, PATIENCE_MS);
	if (r->remote->is_settled && !flow_has_data(&r->outbound) &&
	    !stream_has_input(r->local))
		r->hold_at = now;
}

static bool
is_waiting_for_quiet(const struct relay *r)
{
	return r->outbound.state == FLOW_WRITTEN &&
	    r->outbound.options.quiet != NULL;
}

void
relay_restart_timers(struct relay *r, int64_t now)
{
	bool has_moved = r->inbound.has_moved || r->outbound.has_moved;

	/* A pause made by -i is not idleness. */
	if (has_moved ||
	    (r->outbound.paused_until != 0 && flow_has_data(&r->outbound)))
		r->idle_at = loop_after(now, r->options.idle_timeout);
	if (r->outbound.has_moved && r->watch_remote_at == LOOP_NEVER &&
	    r->remote->watch_every > 0)
		r->watch_remote_at = loop_after(now, r->remote->watch_every);
	if (r->inbound.has_moved && r->watch_local_at == LOOP_NEVER &&
	    r->local->watch_every > 0)
		r->watch_local_at = loop_after(now, r->local->watch_every);
	restart_hold(r, now);
	restart_for_peer(r, now);
	restart_stuck(r, now);
	r->inbound.has_moved = r->outbound.has_moved = false;
}

/* The idle timer never runs out before our side is shut. */
static int64_t
idle_deadline(const struct relay *r)
{
	int64_t quiet = quiet_deadline(&r->quiet);

	if (r->idle_at != LOOP_NEVER && is_waiting_for_quiet(r) &&
	    quiet != LOOP_NEVER && quiet >= r->idle_at)
		return quiet + 1;
	return r->idle_at;
}

/*
 * --send-only: when the peer's system has everything, and the peer is silent.
 */
static int64_t
leave_deadline(const struct relay *r)
{
	int64_t at;

	if (!r->options.leaves || !flow_is_over(&r->outbound) ||
	    r->quiet.since == LOOP_NEVER)
		return LOOP_NEVER;
	at = loop_after(r->quiet.since, SEND_ONLY_MS);
	return at > r->look_at ? at : r->look_at;
}

int64_t
relay_next_timer(const struct relay *r)
{
	int64_t at = loop_earlier(idle_deadline(r), leave_deadline(r));

	at = loop_earlier(at, loop_earlier(r->hold_at, r->stuck_at));
	return loop_earlier(
	    at, loop_earlier(r->watch_remote_at, r->watch_local_at));
}

/* Reports what is lost when the session ends now. */
static void
quit(struct relay *r)
{
	const char *where = NULL, *what = "quit before all was sent";

	relay_judge_at_last(r);
	/*
	 * A spliced flow leaves bytes in the socket while its sink is blocked.
	 */
	if (flow_has_data(&r->inbound) || r->inbound.is_blocked) {
		where = r->local->sink;
		what = "quit before all was written";
	} else if (flow_has_data(&r->outbound) ||
	    (!relay_is_limited(r) && stream_has_input(r->local))) {
		where = r->local->source;
	}
	if (where == NULL)
		return;
	/* For a dead peer it was reported already. */
	if (!r->is_remote_reported)
		event_say(EVENT_QUIT, .what = where, .reason = what);
	relay_fail(r);
}

static bool
is_idle(struct relay *r, int64_t now)
{
	if (now < idle_deadline(r))
		return false;
	r->is_idle = true;
	/* Datagrams have no end but silence. */
	if (r->remote->is_connectionless) {
		quit(r);
		return true;
	}
	event_say(EVENT_IDLE, .peer = stream_source(r->remote),
	    .seconds = (double)r->options.idle_timeout / 1000);
	relay_fail(r);
	return true;
}

/* A sink takes nothing any more, and the session has nothing else to do. */
static void
give_up(struct relay *r)
{
	const struct flow *out = &r->outbound;

	/* The peer has closed, but its end of file does not come. */
	if (out->failure == FLOW_SINK_FAILED &&
	    is_waiting_for_source(&r->inbound))
		relay_report_remote(r, r->remote->sink, out->error, out->lost);
	else
		quit(r);
	relay_fail(r);
}

static bool
has_held(struct relay *r, int64_t now)
{
	if (now < r->hold_at)
		return false;
	r->hold_at = LOOP_NEVER;
	if (r->outbound.state != FLOW_DRAIN || !flow_has_data(&r->outbound)) {
		quit(r);
		return true;
	}
	/* What has been read is still sent. */
	r->is_quitting = true;
	r->outbound.options.quiet = NULL;
	restart_stuck(r, now);
	return false;
}

static bool
has_sent_all(struct relay *r, int64_t now)
{
	if (now < leave_deadline(r))
		return false;
	r->look_at = loop_after(now, LOOK_MS);
	return stream_unsent(r->remote) == 0;
}

bool
relay_is_time_up(struct relay *r, int64_t now)
{
	if (r->is_quitting && !flow_has_data(&r->outbound)) {
		quit(r);
		return true;
	}
	if (is_idle(r, now) || has_held(r, now))
		return true;
	if (now >= r->stuck_at) {
		give_up(r);
		return true;
	}
	return has_sent_all(r, now);
}

/* Returns when to look again; LOOP_NEVER: all has been acknowledged. */
static int64_t
watch(struct stream *s, struct flow *to, struct flow *from, int64_t now)
{
	int error;

	if (stream_unsent(s) == 0)
		return LOOP_NEVER;
	if (!stream_is_lost(s))
		return loop_after(now, s->watch_every);
	error = errno;
	if (!flow_is_over(to))
		flow_abandon(to, error);
	flow_fail_source(from, error);
	flow_finish(from, now);
	return LOOP_NEVER;
}

void
relay_watch(struct relay *r, int64_t now)
{
	if (now >= r->watch_remote_at)
		r->watch_remote_at =
		    watch(r->remote, &r->outbound, &r->inbound, now);
	if (now >= r->watch_local_at)
		r->watch_local_at =
		    watch(r->local, &r->inbound, &r->outbound, now);
}
