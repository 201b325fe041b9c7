/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * --forward: each client gets a connection of its own.
 */
#include "run/forward.h"

#include <errno.h>
#include <stdlib.h>

#include "base/loop.h"
#include "cli/plan.h"
#include "dial/dial.h"
#include "observe/event.h"
#include "run/dial_report.h"
#include "run/hangup.h"
#include "run/run.h"
#include "stream/stream.h"

/* A task that watches the client while its connection is made. */
struct forward {
	struct task task;
	const struct run *run;
	struct stream *remote; /* until there is a relay */
	struct task *dial;     /* NULL: it is over */
	struct hangup hangup;
	session_done *done;
	void *context;
	struct session_result result;
};

static void
forward_finish(void *context)
{
	struct forward *f = context;

	task_end(&f->task);
	f->done(f->context, &f->result);
}

static void
relay_ended(void *context, const struct relay_result *result)
{
	struct forward *f = context;

	f->result.relay = *result;
	/* This is not the reader of our standard output. */
	f->result.relay.is_reader_gone = false;
	forward_finish(f);
}

static void
attempt_failed(void *context, const struct dial_failure *failure)
{
	const struct forward *f = context;

	dial_report_failure(&f->run->plan->target, f->remote->source, failure);
}

/*
 * If the target cannot be reached, the client is reset: an end of file would
 * look like an empty answer of the target.
 */
static void
dial_ended(void *context, const struct dial_result *result)
{
	struct forward *f = context;
	struct stream *remote = f->remote, *target = result->stream;
	struct relay_options more = { .owns_local = true };

	dial_report_result(&f->run->plan->target, remote->source, result);
	f->dial = NULL;
	f->remote = NULL;
	if (target == NULL) {
		remote->is_reset = true;
		stream_free(remote);
		forward_finish(f);
		return;
	}
	/* Each end gets what the other sent before it failed. */
	target->drains_source = true;
	if (session_relay(f->run, target, remote, &more, relay_ended, f) == -1)
		forward_finish(f);
}

static void
forward_want(struct task *task, struct poll_set *set)
{
	struct forward *f = (struct forward *)task;

	if (f->dial != NULL)
		hangup_want(&f->hangup, f->remote, set);
}

static int64_t
forward_deadline(const struct task *task)
{
	(void)task;
	return LOOP_NEVER;
}

/* Among many clients, some only check whether a server is there. */
static void
forward_say_left(const struct forward *f)
{
	struct event_end peer = stream_source(f->remote);

	if (f->run->is_for_many)
		event_say(EVENT_LEFT_EARLY, .peer = peer,
		    .reason = "it was connected");
	else
		event_say(EVENT_LEFT_EARLY_ALONE, .peer = peer,
		    .reason = "it was connected");
}

/*
 * A client that has left needs no connection, unless it had sent everything
 * before.
 */
static bool
has_client_left(struct forward *f, const struct poll_set *set)
{
	return hangup_is_gone(&f->hangup, f->remote, set) ||
	    hangup_is_abort(&f->hangup, f->remote);
}

static void
forward_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct forward *f = (struct forward *)task;

	(void)now;
	if (f->dial == NULL || !has_client_left(f, set))
		return;
	forward_say_left(f);
	task_end(f->dial);
	forward_finish(f);
}

static void
forward_free(struct task *task)
{
	struct forward *f = (struct forward *)task;

	stream_free(f->remote);
	free(f);
}

static const struct task_ops forward_ops = {
	.name = "forward",
	.want = forward_want,
	.deadline = forward_deadline,
	.step = forward_step,
	.free = forward_free,
};

void
forward_start(const struct run *run, struct stream *remote, session_done *done,
    void *context)
{
	struct forward *f = calloc(1, sizeof(*f));

	if (f != NULL)
		f->dial =
		    dial_new(&run->plan->target, attempt_failed, dial_ended, f);
	if (f == NULL || f->dial == NULL) {
		dial_report_start(&run->plan->target, remote->source, errno);
		free(f);
		session_refuse(remote, done, context);
		return;
	}
	f->task.ops = &forward_ops;
	f->run = run;
	f->remote = remote;
	f->done = done;
	f->context = context;
	loop_add(run->loop, &f->task);
	loop_add(run->loop, f->dial);
}
