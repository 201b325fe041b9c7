/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * -e and -c: each client has a command of its own.  If the bytes need no
 * processing, the command gets the client's socket itself, and only the end of
 * either is watched.
 */
#include "run/command.h"

#include <sys/wait.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/backoff.h"
#include "base/loop.h"
#include "child/child.h"
#include "cli/plan.h"
#include "net/address_text.h"
#include "net/transport.h"
#include "observe/event.h"
#include "relay/linger.h"
#include "run/client_watch.h"
#include "run/hangup.h"
#include "run/run.h"
#include "stream/stream.h"

enum {
	EXIT_MS = 2000,  /* for a command to end after its client */
	START_MS = 2000, /* for a shortage of memory or processes to pass */
};

/* A task that watches the client's socket, or the time after the relay. */
struct command {
	struct task task;
	const struct run *run;
	struct stream *waiting; /* until the command is started */
	struct hangup hangup;
	struct backoff pause;
	int64_t give_up_at;
	struct stream *remote;     /* that the command has; else the relay's */
	struct child *child;       /* NULL: it has ended */
	struct client_watch watch; /* of the client whose socket it has */
	bool is_relay_over;
	int64_t started_at;
	char client[ADDRESS_TEXT]; /* for lines */
	int64_t end_at; /* of a command that does not end by itself */
	session_done *done;
	void *context;
	struct session_result result;
};

static void
command_finish(struct command *c)
{
	task_end(&c->task);
	c->done(c->context, &c->result);
}

static void
linger_ended(void *context, bool is_delivered)
{
	struct command *c = context;

	c->result.relay.is_complete &= is_delivered;
	command_finish(c);
}

/* The session is over when the client has what the command wrote. */
static void
command_end(struct command *c)
{
	struct stream *remote = c->remote;

	c->remote = NULL;
	c->end_at = LOOP_NEVER;
	client_watch_stop(&c->watch);
	if (remote != NULL)
		linger_start(c->run->loop, remote, -1, linger_ended, c);
	else
		command_finish(c);
}

static void
child_ended(void *context, int status)
{
	struct command *c = context;

	c->child = NULL;
	c->result.status = status;
	event_say(EVENT_COMMAND_ENDED, .client = c->client,
	    .seconds = (double)(loop_now() - c->started_at) / 1000,
	    .reason = WIFSIGNALED(status) ? "killed by signal" : "exit status",
	    .status = (uint64_t)(WIFSIGNALED(status) ? WTERMSIG(status)
						     : WEXITSTATUS(status)));
	if (c->is_relay_over)
		command_end(c);
}

static void
relay_ended(void *context, const struct relay_result *result)
{
	struct command *c = context;

	c->is_relay_over = true;
	c->result.relay = *result;
	if (c->child == NULL)
		command_end(c);
	else if (result->is_complete || result->is_local_gone)
		c->end_at = loop_after(loop_now(), EXIT_MS);
	else
		child_end(c->child);
}

/* Whether a command can have the socket of a stream itself. */
static bool
is_plain(const struct plan *plan)
{
	const struct relay_options *o = &plan->relay;

	return !plan->has_pty && !o->crlf && !o->telnet && o->line_delay == 0 &&
	    o->read_limit == 0 && o->hold == PLAN_HOLD_DEFAULT &&
	    o->idle_timeout < 0 && !o->no_shutdown &&
	    o->choice == STRATEGY_AUTO;
}

/* The client is reset: an end of file would look like an empty answer. */
static void
command_refuse(struct command *c)
{
	struct stream *remote = c->waiting;

	c->waiting = NULL;
	task_end(&c->task);
	session_refuse(remote, c->done, c->context);
}

static int
start_on_socket(struct command *c, const struct child_command *command)
{
	struct stream *remote = c->waiting;

	c->child =
	    child_start_on(c->run->children, command, remote, child_ended, c);
	if (c->child == NULL)
		return -1;
	c->waiting = NULL;
	c->remote = remote;
	client_watch_begin(&c->watch, remote, loop_now());
	c->is_relay_over = true;
	c->result.relay.is_complete = true;
	return 0;
}

static int
start_behind_stream(struct command *c, const struct child_command *command)
{
	struct relay_options more = { .owns_local = true };
	struct stream *remote = c->waiting, *local;

	c->child = child_start(
	    c->run->children, command, remote, &local, child_ended, c);
	if (c->child == NULL)
		return -1;
	c->waiting = NULL;
	if (session_relay(c->run, local, remote, &more, relay_ended, c) == 0)
		return 0;
	/* The streams are gone; end it as if its relay had failed. */
	c->is_relay_over = true;
	child_end(c->child);
	return 0;
}

static int
start_child(struct command *c)
{
	const struct plan *plan = c->run->plan;
	struct child_command command = {
		.argv = plan->command,
		.has_pty = plan->has_pty,
	};

	c->started_at = loop_now();
	/* What was read already is in no socket. */
	if (is_plain(plan) && !c->waiting->reads_messages &&
	    c->waiting->prefix == NULL)
		return start_on_socket(c, &command);
	return start_behind_stream(c, &command);
}

/* A shortage may pass, so starting is retried for a while. */
static void
try_to_start(struct command *c, int64_t now)
{
	if (start_child(c) == 0)
		return;
	if (now < c->give_up_at &&
	    (errno == EAGAIN || backoff_is_shortage(errno))) {
		event_say(EVENT_COMMAND_RETRIED,
		    .peer = stream_source(c->waiting),
		    .what = c->run->plan->command[0], .error = errno);
		backoff_fail(&c->pause, now);
		return;
	}
	event_say(EVENT_COMMAND_FAILED, .peer = stream_source(c->waiting),
	    .what = c->run->plan->command[0], .error = errno);
	command_refuse(c);
}

static void
wait_to_start(struct command *c, const struct poll_set *set, int64_t now)
{
	if (hangup_is_gone(&c->hangup, c->waiting, set)) {
		event_say(EVENT_LEFT_EARLY, .peer = stream_source(c->waiting),
		    .reason = "its command was started");
		command_refuse(c);
	} else if (!backoff_is_pausing(&c->pause, now)) {
		try_to_start(c, now);
	}
}

static void
command_want(struct task *task, struct poll_set *set)
{
	struct command *c = (struct command *)task;

	if (c->waiting != NULL)
		hangup_want(&c->hangup, c->waiting, set);
	else
		client_watch_want(&c->watch, set);
}

static int64_t
command_deadline(const struct task *task)
{
	const struct command *c = (const struct command *)task;

	if (c->waiting != NULL)
		return backoff_deadline(&c->pause);
	return loop_earlier(c->end_at, client_watch_deadline(&c->watch));
}

static void
end_child(struct command *c)
{
	c->end_at = LOOP_NEVER;
	client_watch_stop(&c->watch);
	if (c->child != NULL)
		child_end(c->child);
}

static void
report_lost(struct command *c)
{
	event_say(EVENT_PEER_FAILED, .peer = stream_sink(c->remote),
	    .error = ETIMEDOUT, .lost = stream_unsent(c->remote));
	c->remote->is_reset = true;
	c->result.relay.is_complete = false;
	c->result.relay.is_peer_failed = true;
}

static void
command_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct command *c = (struct command *)task;
	enum client_watch_verdict verdict;

	if (c->waiting != NULL) {
		wait_to_start(c, set, now);
		return;
	}
	verdict = client_watch_step(&c->watch, set, now);
	if (verdict & CLIENT_LOST)
		report_lost(c);
	if (verdict & CLIENT_LEFT || c->end_at <= now)
		end_child(c);
}

static void
command_free(struct task *task)
{
	struct command *c = (struct command *)task;

	stream_free(c->waiting);
	stream_free(c->remote);
	free(c);
}

static const struct task_ops command_ops = {
	.name = "command",
	.want = command_want,
	.deadline = command_deadline,
	.step = command_step,
	.free = command_free,
};

size_t
command_descriptors(const struct plan *plan)
{
	if (plan->has_pty)
		return 1;
	return is_plain(plan) &&
		!transport_keeps_messages(plan->server.transport)
	    ? 0
	    : 2;
}

void
command_start(const struct run *run, struct stream *remote, session_done *done,
    void *context)
{
	struct command *c = calloc(1, sizeof(*c));
	int64_t now = loop_now();

	if (c == NULL) {
		event_say(EVENT_COMMAND_FAILED, .peer = stream_source(remote),
		    .what = run->plan->command[0], .error = errno);
		session_refuse(remote, done, context);
		return;
	}
	c->task.ops = &command_ops;
	c->run = run;
	c->waiting = remote;
	c->give_up_at = loop_after(now, START_MS);
	c->end_at = LOOP_NEVER;
	client_watch_stop(&c->watch);
	c->done = done;
	c->context = context;
	c->result.is_command = true;
	strlcpy(c->client, remote->source, sizeof(c->client));
	loop_add(run->loop, &c->task);
	try_to_start(c, now);
}
