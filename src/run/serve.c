/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Server mode: one client, or with -k one after another.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "cli/plan.h"
#include "net/listen.h"
#include "net/stdio.h"
#include "net/stream.h"
#include "observe/log.h"
#include "run/modes.h"
#include "run/outcome.h"
#include "run/session.h"

struct server {
	struct loop *loop;
	const struct plan *plan;
	struct stream *local;
	struct listener *listener;
	struct outcome *outcome;
};

static void
client_ended(void *context, const struct relay_result *result)
{
	struct server *s = context;

	outcome_add(s->outcome, result);
	if (s->plan->keep_open && !result->is_local_gone)
		listener_pause(s->listener, false);
	else
		loop_stop(s->loop);
}

static void
client_came(void *context, struct stream *remote)
{
	struct server *s = context;

	if (s->plan->keep_open)
		listener_pause(s->listener, true);
	if (session_start(
		s->loop, s->plan, s->local, remote, client_ended, s) == 0)
		return;
	s->outcome->is_failure = true;
	if (s->plan->keep_open)
		listener_pause(s->listener, false);
	else
		loop_stop(s->loop);
}

void
run_serve(struct loop *loop, const struct plan *plan, struct outcome *outcome)
{
	struct server server = {
		.loop = loop,
		.plan = plan,
		.local = stdio_new(&plan->stdio),
		.outcome = outcome,
	};

	if (server.local == NULL) {
		log_error("start: %s", strerror(errno));
		outcome->is_failure = true;
		return;
	}
	server.listener = listener_new(&plan->server, client_came, &server);
	if (server.listener == NULL) {
		outcome->is_failure = true;
	} else {
		loop_add(loop, listener_task(server.listener));
		if (loop_run(loop) == -1) {
			log_error("poll: %s", strerror(errno));
			outcome->is_failure = true;
		}
	}
	stream_free(server.local);
}
