/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* Server mode: its parts, and when to stop. */
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
#include "run/clients.h"
#include "run/command.h"
#include "run/descriptors.h"
#include "run/dispatch.h"
#include "run/drain.h"
#include "run/eviction.h"
#include "run/outcome.h"
#include "run/queue.h"
#include "run/server.h"
#include "run/signals.h"
#include "run/supervisor.h"
#include "stream/stream.h"

enum { GRACE_MS = 10000 /* after SIGTERM, for sessions to end */ };

static void
sockets_bound(void *context, const struct listen_sockets *sockets)
{
	struct server *s = context;

	s->idle_since = loop_now();
	ready_tell(&s->supervisor->ready, sockets);
}

static bool
may_come_in(void *context, const struct address *address)
{
	const struct server *s = context;

	return s->acl == NULL || acl_allows(s->acl, address);
}

static void
streams_failed(void *context, const char *what, int error)
{
	struct server *s = context;

	if (error == EPIPE)
		s->outcome->signal = SIGPIPE;
	else
		event_failed(what, error);
	server_fail(s);
}

static void
streams_lost(void *context)
{
	struct server *s = context;

	s->outcome->is_failure = true;
}

static void
lists_reloaded(void *context)
{
	struct server *s = context;

	ready_reloaded(&s->supervisor->ready);
}

static void
reload(void *context, int number)
{
	struct server *s = context;

	(void)number;
	ready_reloading(&s->supervisor->ready);
	acl_reload(s->acl, lists_reloaded, s);
}

static void
stop_now(struct server *s)
{
	s->outcome->signal = s->stopping;
	loop_stop(s->run.loop);
}

/* Sessions may finish, but no new ones begin. */
static void
end(struct server *s)
{
	if (s->is_ending)
		return;
	s->is_ending = true;
	ready_stopping(&s->supervisor->ready);
	listener_stop(s->listener);
	clients_turn_away(s);
}

static void
hub_ended(void *context)
{
	stop_now(context);
}

static void
input_ended(void *context)
{
	struct server *s = context;

	if (!s->run.plan->until_eof || s->is_ending)
		return;
	end(s);
	if (drain_start(s->run.loop, s->run.hub, hub_ended, s) == -1)
		server_fail(s);
}

/* The first signal lets sessions finish, the second ends them. */
static void
stop(void *context, int number)
{
	struct server *s = context;
	bool has_deadline = s->run.plan->deadline >= 0;

	if (s->stopping != 0) {
		stop_now(s);
		return;
	}
	s->stopping = number;
	s->stop_at =
	    has_deadline ? LOOP_NEVER : loop_after(loop_now(), GRACE_MS);
	end(s);
	if (s->run.hub != NULL)
		hub_stop(s->run.hub);
	if (clients_count(s) > 0)
		event_say(EVENT_STOPPING, .count = clients_count(s));
}

static bool
is_busy(const struct server *s)
{
	return clients_count(s) > 0 ||
	    (s->run.hub != NULL && hub_has_output(s->run.hub));
}

/* When it has waited long enough for a first client, or for the next. */
static int64_t
give_up_at(const struct server *s)
{
	int64_t timeout = s->run.plan->accept_timeout;

	if (timeout < 0 || s->is_ending || s->idle_since == LOOP_NEVER ||
	    is_busy(s))
		return LOOP_NEVER;
	return loop_after(s->idle_since, timeout);
}

static void
server_want(struct task *task, struct poll_set *set)
{
	(void)task, (void)set;
}

static int64_t
server_deadline(const struct task *task)
{
	const struct server *s = (const struct server *)task;

	if (s->stopping == 0)
		return give_up_at(s);
	return is_busy(s) ? s->stop_at : 0;
}

static void
give_up(struct server *s)
{
	event_say(EVENT_NO_CLIENT,
	    .seconds = (double)s->run.plan->accept_timeout / 1000);
	server_fail(s);
}

static void
server_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct server *s = (struct server *)task;

	(void)set;
	if (s->stopping == 0) {
		if (give_up_at(s) <= now)
			give_up(s);
		return;
	}
	if (is_busy(s) && now < s->stop_at)
		return;
	if (clients_count(s) > 0)
		event_say(EVENT_STOPPED, .count = clients_count(s));
	else if (is_busy(s))
		event_say(EVENT_WRONG, .what = s->run.local->sink,
		    .reason = "stopped before all was written");
	stop_now(s);
}

static void
server_free(struct task *task)
{
	free(task);
}

static const struct task_ops server_ops = {
	.name = "server",
	.want = server_want,
	.deadline = server_deadline,
	.step = server_step,
	.free = server_free,
};

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
		.failed = streams_failed,
		.input_ended = input_ended,
		.lost = streams_lost,
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

	if (!s->run.is_for_many)
		return 0;
	signals_handle(SIGTERM, stop, s);
	if (add_hub(s) == -1)
		return -1;
	s->queue = queue_new(s->run.loop, plan->max_waiting);
	if (s->queue == NULL || s->run.hub == NULL)
		return s->queue == NULL ? -1 : 0;
	return eviction_start(s->run.loop, s->run.hub, s->queue);
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

	s->max_sessions =
	    descriptors_max_clients(dispatch_descriptors(s->run.plan));
	if (options.max_peers > s->max_sessions)
		options.max_peers = s->max_sessions;
	options.inherited = &s->supervisor->sockets;
	options.guard = may_come_in;
	options.client = clients_came;
	options.ready = sockets_bound;
	options.can_accept = clients_can_accept;
	options.context = s;
	/* A client that the supervisor accepted is the only one. */
	if (inherited_client(options.inherited) != NULL)
		options.keep_open = false;
	s->run.is_for_many = options.keep_open;
	if (s->acl != NULL)
		signals_handle(SIGHUP, reload, s);
	if (command_prepare(&s->run, limit) == -1 || prepare_many(s) == -1)
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
		s->task.ops = &server_ops;
		s->run = (struct run){ .loop = loop, .plan = plan };
		s->run.local = local;
		s->supervisor = supervisor;
		s->idle_since = LOOP_NEVER;
		s->acl = acl;
		s->outcome = outcome;
		loop_add(loop, &s->task);
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
