/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Server mode: one client, or with -k one after another.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "cli/plan.h"
#include "net/inherit.h"
#include "net/listen.h"
#include "net/stream.h"
#include "observe/log.h"
#include "run/modes.h"
#include "run/outcome.h"
#include "run/session.h"
#include "run/supervisor.h"

struct server {
	struct loop *loop;
	const struct plan *plan;
	struct supervisor *supervisor;
	struct stream *local;
	struct listener *listener;
	bool keep_open;
	bool is_serving;
	struct outcome *outcome;
};

static void
client_ended(void *context, const struct relay_result *result)
{
	struct server *s = context;

	outcome_add(s->outcome, result);
	s->is_serving = false;
	if (s->keep_open && !result->is_local_gone)
		listener_pause(s->listener, false);
	else
		loop_stop(s->loop);
}

static void
client_came(void *context, struct stream *remote)
{
	struct server *s = context;

	if (remote == NULL) {
		s->outcome->is_failure = true;
		loop_stop(s->loop);
		return;
	}
	s->is_serving = true;
	if (s->keep_open)
		listener_pause(s->listener, true);
	if (session_start(
		s->loop, s->plan, s->local, remote, client_ended, s) == 0)
		return;
	s->outcome->is_failure = true;
	s->is_serving = false;
	if (s->keep_open)
		listener_pause(s->listener, false);
	else
		loop_stop(s->loop);
}

static void
is_ready(void *context, const struct bound_list *sockets)
{
	struct server *s = context;

	ready_tell(&s->supervisor->ready, sockets);
}

/*
 * Between clients nobody else would notice that whoever reads standard
 * output has gone away; the next client's bytes would go nowhere.
 */
struct watch {
	struct task task;
	struct server *server;
};

static void
watch_want(struct task *task, struct poll_set *set)
{
	const struct server *s = ((struct watch *)task)->server;

	if (!s->is_serving && s->local->out != -1)
		poll_set_add(set, s->local->out, 0);
}

static int64_t
watch_deadline(const struct task *task)
{
	(void)task;
	return LOOP_NEVER;
}

static void
watch_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct server *s = ((struct watch *)task)->server;

	(void)set, (void)now;
	s->outcome->signal = SIGPIPE;
	loop_stop(s->loop);
}

static void
watch_free(struct task *task)
{
	free(task);
}

static const struct task_ops watch_ops = {
	.name = "watch",
	.want = watch_want,
	.deadline = watch_deadline,
	.step = watch_step,
	.free = watch_free,
};

static int
add_watch(struct server *s)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return -1;
	*w = (struct watch){ .task.ops = &watch_ops, .server = s };
	loop_add(s->loop, &w->task);
	return 0;
}

void
run_serve(struct loop *loop, const struct plan *plan,
    struct supervisor *supervisor, struct stream *local,
    struct outcome *outcome)
{
	struct listen_options options = plan->server;
	struct server server = {
		.loop = loop,
		.plan = plan,
		.supervisor = supervisor,
		.local = local,
		.outcome = outcome,
	};

	options.inherited = &supervisor->sockets;
	options.ready = is_ready;
	/* After a client whom the supervisor accepted no other can come. */
	if (inherit_client(&supervisor->sockets) != NULL)
		options.keep_open = false;
	server.keep_open = options.keep_open;
	server.listener = listener_new(&options, client_came, &server);
	if (server.listener != NULL)
		loop_add(loop, listener_task(server.listener));
	if (server.listener == NULL ||
	    (server.keep_open && add_watch(&server) == -1)) {
		log_error("start: %s", strerror(errno));
		outcome->is_failure = true;
	} else if (loop_run(loop) == -1) {
		log_error("poll: %s", strerror(errno));
		outcome->is_failure = true;
	}
	ready_stopping(&supervisor->ready);
}
