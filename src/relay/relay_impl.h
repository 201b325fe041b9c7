/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a relay is made of, for the files that share it: relay.c drives it,
 * verdict.c decides what the end of a flow means, timers.c when time is up, and
 * leave.c ends it.
 */
#ifndef SOCKCAT_RELAY_RELAY_IMPL_H
#define SOCKCAT_RELAY_RELAY_IMPL_H

#include "base/loop.h"
#include "relay/error_filter.h"
#include "relay/flow_step.h"
#include "relay/linger.h"
#include "relay/quiet.h"
#include "relay/relay.h"

struct relay {
	struct task task;
	struct relay_options options;
	relay_done *done;
	void *context;
	struct stream *local, *remote;
	struct flow outbound, inbound;
	struct quiet quiet; /* the peer */
	struct error_filter error_filter;
	struct relay_result result;
	int64_t started_at;

	bool is_peer_ended; /* its end of file was seen and handled */
	uint64_t sent_before_end;
	uint64_t heard_before; /* our end */
	bool is_remote_reported, is_remote_judged;
	bool is_local_reported, is_local_judged;
	bool is_abort_judged; /* one that is tolerated */
	bool is_idle;         /* and so it ends */
	bool is_quitting;     /* once what has been read is written */
	int64_t idle_at, hold_at, stuck_at;
	int64_t look_at; /* whether the peer's system has all, --send-only */
	/* When to ask whether a peer's system still answers. */
	int64_t watch_remote_at, watch_local_at;

	bool is_leaving;
	bool lingers_remote, lingers_local;
	struct linger_clock remote_linger, local_linger;
};

/* verdict.c: to be called after the flow in question has been stepped. */
void relay_judge_local_sink(struct relay *);
void relay_judge_local_source(struct relay *);
void relay_judge_remote_source(struct relay *);
void relay_judge_remote_sink(struct relay *);
void relay_judge_peer_end(struct relay *, int64_t now);

/*
 * The session ends although the verdict on a closed sink still waits for what
 * the same end may have sent before.
 */
void relay_judge_at_last(struct relay *);

/* Whether an end is a connection that is known to be dead. */
bool relay_is_remote_dead(const struct relay *);
bool relay_is_local_dead(const struct relay *);

/* Reports once what became of the peer, and how many bytes were lost. */
void relay_report_remote(
    struct relay *, const char *what, int error, size_t lost);

/* The same for a target that did not get everything; the peer is reset. */
void relay_report_target(struct relay *, int error, size_t lost);

/* Failed by our own decision: the peers are reset. */
void relay_fail(struct relay *);

/* How each direction ended, with -v. */
void relay_report_end(const struct relay *);

/* Commands and targets answer and end by themselves; our input may not. */
bool relay_has_answer(const struct relay *);

/* Whether -W has been reached. */
bool relay_is_limited(const struct relay *);

bool flow_is_over(const struct flow *);

/*
 * leave.c: ends a session whose peer may still be sending.  A reset destroys
 * what the system has not sent yet, so that, too, waits until all has arrived.
 */
void relay_leave(struct relay *, int64_t now);

/* Waits on, and ends the session once nobody is waited for any more. */
void relay_linger(struct relay *, int64_t now);

/* The process is about to end; is_proper says that our end is meant. */
void relay_hurry(struct relay *, bool is_proper);

/* Reports, and is done. */
void relay_end(struct relay *);

/* timers.c: after both flows have been stepped. */
void relay_restart_timers(struct relay *, int64_t now);
int64_t relay_next_timer(const struct relay *);

/* Whether a session ends now because a timer has run out; reports failures. */
bool relay_is_time_up(struct relay *, int64_t now);

/* Gives up ends whose systems do not answer any more. */
void relay_watch(struct relay *, int64_t now);

#endif
