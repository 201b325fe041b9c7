/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Server mode: sets up what a server needs, and tells it what becomes of that.
 */
#include "run/serve.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/loop.h"
#include "cli/plan.h"
#include "hub/hub.h"
#include "listen/acl.h"
#include "listen/inherited.h"
#include "listen/listener.h"
#include "observe/event.h"
#include "run/descriptors.h"
#include "run/dispatch.h"
#include "run/drain.h"
#include "run/eviction.h"
#include "run/outcome.h"
#include "run/queue.h"
#include "run/reaper.h"
#include "run/server.h"
#include "run/signals.h"
#include "run/supervisor.h"
#include "stream/stream.h"

static void
sockets_bound(void *context, const struct listen_sockets *sockets)
{
	struct server *s = context;

	s->clients.idle_since = loop_now();
	ready_tell(&s->supervisor->ready, sockets);
}

static bool
may_come_in(void *context, const struct address *address)
{
	const struct server *s = context;

	return s->acl == NULL || acl_allows(s->acl, address);
}

static bool
can_accept(void *context)
{
	const struct server *s = context;

	return clients_can_accept(&s->clients);
}

static void
client_came(void *context, struct stream *stream)
{
	struct server *s = context;

	if (stream == NULL)
		server_fail(s);
	else
		clients_add(&s->clients, stream);
}

static void
only_client_ended(void *context, const struct session_result *result)
{
	struct server *s = context;

	outcome_add(s->outcome, result);
	loop_stop(s->run.loop);
}

static void
output_failed(void *context, const char *what, int error)
{
	struct server *s = context;

	if (error == EPIPE)
		s->outcome->signal = SIGPIPE;
	else
		event_failed(what, error);
	server_fail(s);
}

static void
bytes_lost(void *context)
{
	struct server *s = context;

	s->outcome->is_failure = true;
}

static void
hub_drained(void *context)
{
	server_leave(context);
}

static void
input_ended(void *context)
{
	struct server *s = context;

	if (!s->run.plan->until_eof || s->is_ending)
		return;
	server_end(s);
	if (drain_start(s->run.loop, s->run.hub, hub_drained, s) == -1)
		server_fail(s);
}

static void
lists_reloaded(void *context)
{
	struct server *s = context;

	ready_reloaded(&s->supervisor->ready);
}

static void
reload_lists(void *context, int number)
{
	struct server *s = context;

	(void)number;
	ready_reloading(&s->supervisor->ready);
	acl_reload(s->acl, lists_reloaded, s);
}

static int
add_hub(struct server *s)
{
	const struct plan *plan = s->run.plan;
	struct hub_options options = {
		.kind = plan->hub,
		.stdio = s->run.local,
		.slow_timeout = plan->slow_timeout,
		.datagram_size = plan->relay.datagram_size,
		.keeps_ended = plan->relay.no_shutdown,
		.failed = output_failed,
		.input_ended = input_ended,
		.lost = bytes_lost,
		.context = s,
	};

	if (plan->command != NULL || plan->forward)
		return 0;
	s->run.hub = hub_new(&options);
	if (s->run.hub == NULL)
		return -1;
	loop_add(s->run.loop, hub_task(s->run.hub));
	return 0;
}

/* What serving more than one client needs. */
static int
prepare_many(struct server *s)
{
	const struct plan *plan = s->run.plan;
	struct queue *queue;

	if (!s->run.is_for_many)
		return 0;
	signals_handle(SIGTERM, server_stop, s);
	if (add_hub(s) == -1)
		return -1;
	queue = queue_new(s->run.loop, plan->max_waiting);
	s->clients.queue = queue;
	if (queue == NULL || s->run.hub == NULL)
		return queue == NULL ? -1 : 0;
	return eviction_start(s->run.loop, s->run.hub, queue);
}

/* A single accepted client has no one to chat with. */
static int
check_purpose(const struct server *s)
{
	if (s->run.is_for_many || s->run.plan->hub == HUB_STAR)
		return 0;
	event_say(EVENT_WRONG, .what = "--broker, --chat",
	    .reason = "need a socket that listens");
	return -1;
}

static int
prepare(struct server *s)
{
	struct listen_options options = s->run.plan->server;
	rlim_t limit = options.keep_open ? descriptors_raise() : 0;
	size_t max = descriptors_max_clients(dispatch_descriptors(s->run.plan));

	s->clients.max = max;
	if (options.max_peers > max)
		options.max_peers = max;
	options.inherited = &s->supervisor->sockets;
	options.guard = may_come_in;
	options.client = client_came;
	options.ready = sockets_bound;
	options.can_accept = can_accept;
	options.context = s;
	/* A client that the supervisor accepted is the only one. */
	if (inherited_client(options.inherited) != NULL)
		options.keep_open = false;
	s->run.is_for_many = options.keep_open;
	if (s->acl != NULL)
		signals_handle(SIGHUP, reload_lists, s);
	if (reaper_start(&s->run, limit) == -1 || prepare_many(s) == -1)
		return -1;
	s->listener = listener_new(&options);
	if (s->listener == NULL)
		return -1;
	loop_add(s->run.loop, listener_task(s->listener));
	return 0;
}

void
serve_run(struct loop *loop, const struct plan *plan,
    struct supervisor *supervisor, struct acl *acl, struct stream *local,
    struct outcome *outcome)
{
	struct server *s = calloc(1, sizeof(*s));

	if (s != NULL) {
		s->run = (struct run){ .loop = loop, .plan = plan };
		s->run.local = local;
		s->supervisor = supervisor;
		s->acl = acl;
		s->outcome = outcome;
		clients_init(&s->clients, &s->run, only_client_ended, s);
		server_add(s, loop);
	}
	outcome->is_failure = true;
	if (s == NULL || prepare(s) == -1) {
		event_failed("start", errno);
	} else if (check_purpose(s) == 0) {
		outcome->is_failure = false;
		ready_watch(&supervisor->ready, loop);
		loop_run(loop);
	}
	if (s == NULL || !s->is_ending)
		ready_stopping(&supervisor->ready);
}
