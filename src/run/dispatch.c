/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "run/dispatch.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/plan.h"
#include "hub/hub.h"
#include "observe/event.h"
#include "relay/relay.h"
#include "run/command.h"
#include "run/forward.h"
#include "run/run.h"
#include "stream/stream.h"

/* A session over streams. */
struct session {
	session_done *done;
	void *context;
};

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

/* With standard input and output, or as a member of the hub. */
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
		done(context, &(struct session_result){ 0 });
		free(s);
	}
}

size_t
dispatch_descriptors(const struct plan *plan)
{
	if (plan->command != NULL)
		return 1 + command_descriptors(plan);
	return plan->forward ? 2 : 1;
}

void
dispatch_start(const struct run *run, struct stream *remote, session_done *done,
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
