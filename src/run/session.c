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
#include "net/stream.h"
#include "observe/log.h"
#include "relay/hub.h"

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
	options->holds_for_answers = !local->is_connectionless;
}

int
session_relay(const struct site *site, struct stream *local,
    struct stream *remote, const struct relay_options *more, relay_done *done,
    void *context)
{
	struct relay_options options = site->plan->relay;
	struct task *relay;

	options.owns_local = more->owns_local;
	options.release = more->release;
	options.is_one_of_many = site->plan->keep_open;
	if (options.hold == PLAN_HOLD_DEFAULT)
		set_default_hold(&options, site->plan, local, remote);
	if (options.idle_timeout < 0 && site->plan->keep_open &&
	    remote->is_connectionless)
		options.idle_timeout = PEER_MS;
	relay = relay_new(local, remote, &options, done, context);
	if (relay == NULL) {
		log_error("relay: %s", strerror(errno));
		return -1;
	}
	loop_add(site->loop, relay);
	return 0;
}

static void
relay_ended(void *context, const struct relay_result *result)
{
	struct session *s = context;

	s->done(s->context, &(struct session_result){ .relay = *result });
}

/* With standard input and output, or with a place in the hub. */
static int
stream_start(const struct site *site, struct stream *local,
    struct stream *remote, session_done *done, void *context)
{
	struct session *s = malloc(sizeof(*s));
	struct relay_options more = {
		.owns_local = local != site->local,
		.release = free,
	};

	if (s == NULL) {
		log_error("relay: %s", strerror(errno));
		stream_free(remote);
		if (more.owns_local)
			stream_free(local);
		return -1;
	}
	*s = (struct session){ .done = done, .context = context };
	if (session_relay(site, local, remote, &more, relay_ended, s) == 0)
		return 0;
	free(s);
	return -1;
}

int
session_start(const struct site *site, struct stream *remote,
    const struct datagram_source *source, session_done *done, void *context)
{
	struct stream *place;

	if (site->plan->command != NULL)
		return command_start(site, remote, source, done, context);
	if (site->plan->forward)
		return forward_start(site, remote, done, context);
	if (site->hub == NULL)
		return stream_start(site, site->local, remote, done, context);
	place = hub_join(site->hub, remote->source, remote->reads_messages);
	if (place == NULL) {
		log_error("hub: %s", strerror(errno));
		stream_free(remote);
		return -1;
	}
	return stream_start(site, place, remote, done, context);
}
