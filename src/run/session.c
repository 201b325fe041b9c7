/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Defaults that depend on which kinds of streams are connected.
 */
#include "run/session.h"

#include <errno.h>

#include "base/loop.h"
#include "cli/plan.h"
#include "observe/event.h"
#include "run/run.h"
#include "stream/stream.h"

enum {
	ANSWER_MS = 1000, /* for a UDP client whose input has ended */
	PEER_MS = 60000,  /* of silence, after which a UDP peer is gone */
};

/* UDP has no end of file, so the end of the other side counts. */
static void
set_default_hold(struct relay_options *options, const struct plan *plan,
    const struct stream *local, const struct stream *remote)
{
	bool is_script =
	    remote->is_connectionless && !plan->listen && !local->is_terminal;

	options->hold = is_script || local->is_connectionless ? ANSWER_MS : -1;
	options->holds_from_peer = local->is_connectionless;
}

int
session_relay(const struct run *run, struct stream *local,
    struct stream *remote, const struct relay_options *more, relay_done *done,
    void *context)
{
	struct relay_options options = run->plan->relay;
	struct task *relay;

	options.owns_local = more->owns_local;
	options.release = more->release;
	options.is_one_of_many = run->is_for_many;
	options.asks = !run->plan->listen && local == run->local;
	if (options.hold == PLAN_HOLD_DEFAULT)
		set_default_hold(&options, run->plan, local, remote);
	if (options.idle_timeout < 0 && run->is_for_many &&
	    remote->is_connectionless)
		options.idle_timeout = PEER_MS;
	relay = relay_new(local, remote, &options, done, context);
	if (relay == NULL) {
		event_failed("relay", errno);
		return -1;
	}
	loop_add(run->loop, relay);
	return 0;
}

void
session_refuse(struct stream *remote, session_done *done, void *context)
{
	remote->is_reset = true;
	stream_free(remote);
	done(context, &(struct session_result){ 0 });
}
