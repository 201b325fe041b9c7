/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What the ends turned out to be decides what the plan left open.
 */
#include "run/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "cli/plan.h"
#include "hub/hub.h"
#include "observe/event.h"
#include "run/command.h"
#include "run/forward.h"
#include "stream/stream.h"

enum {
	ANSWER_MS = 1000, /* for a UDP client whose input has ended */
	PEER_MS = 60000,  /* of silence, after which a UDP peer is gone */
};

/* A session over streams, whose end is all that there is to tell. */
struct session {
	session_done *done;
	void *context;
};

/* UDP has no end of file, so the end of the other side has to do. */
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

static void
relay_ended(void *context, const struct relay_result *result)
{
	struct session *s = context;

	s->done(s->context, &(struct session_result){ .relay = *result });
}

static struct session *
session_new(session_done *done, void *context)
{
	struct session *s = malloc(sizeof(*s));

	if (s != NULL)
		*s = (struct session){ .done = done, .context = context };
	return s;
}

static void
refused(void *context)
{
	struct session *s = context;

	s->done(s->context, &(struct session_result){ 0 });
}

void
session_refuse(struct stream *remote, session_done *done, void *context)
{
	remote->is_reset = true;
	stream_free(remote);
	done(context, &(struct session_result){ 0 });
}

/* With standard input and output, or with a place in the hub. */
static void
stream_start(const struct run *run, struct stream *local, struct stream *remote,
    session_done *done, void *context)
{
	struct session *s = session_new(done, context);
	struct relay_options more = {
		.owns_local = local != run->local,
		.release = free,
	};

	if (s == NULL) {
		event_failed("relay", errno);
		if (more.owns_local)
			stream_free(local);
		session_refuse(remote, done, context);
	} else if (session_relay(run, local, remote, &more, relay_ended, s) ==
	    -1) {
		refused(s);
		free(s);
	}
}

size_t
session_descriptors(const struct plan *plan)
{
	if (plan->command != NULL)
		return 1 + command_descriptors(plan);
	return plan->forward ? 2 : 1;
}

void
session_start(const struct run *run, struct stream *remote, session_done *done,
    void *context)
{
	struct stream *local = run->local;

	if (run->plan->command != NULL) {
		command_start(run, remote, done, context);
		return;
	}
	if (run->plan->forward) {
		forward_start(run, remote, done, context);
		return;
	}
	if (run->hub != NULL)
		local = hub_join(run->hub, remote);
	if (local != NULL) {
		stream_start(run, local, remote, done, context);
		return;
	}
	event_failed("hub", errno);
	session_refuse(remote, done, context);
}
