/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "run/server.h"

#include <stdlib.h>

#include "cli/plan.h"
#include "hub/hub.h"
#include "listen/listener.h"
#include "observe/event.h"
#include "run/outcome.h"
#include "run/supervisor.h"
#include "stream/stream.h"

enum { GRACE_MS = 10000 /* after SIGTERM, for sessions to end */ };

void
server_fail(struct server *s)
{
	s->outcome->is_failure = true;
	loop_stop(s->run.loop);
}

void
server_leave(struct server *s)
{
	s->outcome->signal = s->stopped_by;
	loop_stop(s->run.loop);
}

void
server_end(struct server *s)
{
	if (s->is_ending)
		return;
	s->is_ending = true;
	ready_stopping(&s->supervisor->ready);
	listener_stop(s->listener);
	clients_close(&s->clients);
}

void
server_stop(void *context, int number)
{
	struct server *s = context;
	bool has_deadline = s->run.plan->deadline >= 0;

	if (s->stopped_by != 0) {
		server_leave(s);
		return;
	}
	s->stopped_by = number;
	s->stop_at =
	    has_deadline ? LOOP_NEVER : loop_after(loop_now(), GRACE_MS);
	server_end(s);
	if (s->run.hub != NULL)
		hub_stop(s->run.hub);
	if (clients_count(&s->clients) > 0)
		event_say(EVENT_STOPPING, .count = clients_count(&s->clients));
}

static bool
is_busy(const struct server *s)
{
	return clients_count(&s->clients) > 0 ||
	    (s->run.hub != NULL && hub_has_output(s->run.hub));
}

/* When it has waited long enough for a first client, or for the next. */
static int64_t
give_up_at(const struct server *s)
{
	int64_t timeout = s->run.plan->accept_timeout;

	if (timeout < 0 || s->is_ending || is_busy(s) ||
	    s->clients.idle_since == LOOP_NEVER)
		return LOOP_NEVER;
	return loop_after(s->clients.idle_since, timeout);
}

static int64_t
server_deadline(const struct task *task)
{
	const struct server *s = (const struct server *)task;

	if (s->stopped_by == 0)
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
	if (s->stopped_by == 0) {
		if (give_up_at(s) <= now)
			give_up(s);
		return;
	}
	if (is_busy(s) && now < s->stop_at)
		return;
	if (clients_count(&s->clients) > 0)
		event_say(EVENT_STOPPED, .count = clients_count(&s->clients));
	else if (is_busy(s))
		event_say(EVENT_WRONG, .what = s->run.local->sink,
		    .reason = "stopped before all was written");
	server_leave(s);
}

static void
server_free(struct task *task)
{
	free(task);
}

static const struct task_ops server_ops = {
	.name = "server",
	.deadline = server_deadline,
	.step = server_step,
	.free = server_free,
};

void
server_add(struct server *s, struct loop *loop)
{
	s->task.ops = &server_ops;
	loop_add(loop, &s->task);
}
