/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * RFC 8305 section 5: addresses are tried in order, the next one after 250
 * ms or as soon as one fails, and the first connection wins.  Section 4:
 * the families take turns.
 */
#include "dial/dial.h"

#include <sys/socket.h>

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "dial/attempt.h"
#include "dial/redial.h"
#include "dial/target.h"
#include "net/address.h"
#include "net/lookup.h"
#include "net/resolve.h"
#include "net/transport.h"
#include "observe/log.h"
#include "stream/datagram.h"
#include "stream/stream.h"

enum {
	NEXT_ATTEMPT_MS = 250, /* RFC 8305 section 8 */
	FULL_QUEUE_MS = 10,    /* a unix listener's queue: ask again */
};

struct dial {
	struct task task;
	struct target target;
	dial_done *done;
	void *context;
	struct lookup lookup; /* of the source, then of the target */
	bool is_started, is_source_known;
	struct address_list sources;
	struct attempt *attempts;
	size_t count, next;
	int64_t next_at; /* when to start the next attempt */
	int64_t give_up_at;
	int64_t lock_until; /* on a directory; 0: not yet asked for */
};

__attribute__((__format__(__printf__, 2, 3))) static void
report(const struct dial *d, const char *format, ...)
{
	const char *client = d->target.client;
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (client != NULL)
		log_error("%s: %s", client, text);
	else
		log_error("%s", text);
}

static void
fail(struct dial *d, struct attempt *a, int error)
{
	char line[1024];

	attempt_release(a);
	a->state = ATTEMPT_FAILED;
	a->error = error;
	attempt_failure(a, &d->target, line, sizeof(line));
	/* Without -v it is told once it is known that none succeeds. */
	if (log_enabled(LOG_EVENTS))
		report(d, "%s", line);
	d->next_at = 0;
}

static void
finish(struct dial *d, struct stream *stream)
{
	for (size_t i = 0; i < d->count; i++)
		attempt_release(&d->attempts[i]);
	task_end(&d->task);
	d->done(d->context, stream);
}

static void
report_failures(const struct dial *d)
{
	char line[1024];

	for (size_t i = 0; i < d->count && !log_enabled(LOG_EVENTS); i++) {
		attempt_failure(
		    &d->attempts[i], &d->target, line, sizeof(line));
		report(d, "%s", line);
	}
}

static void
win(struct dial *d, struct attempt *a)
{
	struct stream *stream;

	target_announce(&d->target, &a->address);
	stream = attempt_stream(a, &d->target);
	if (stream == NULL)
		report(d, "connect to %s: %s", target_host(&d->target),
		    strerror(errno));
	else if (stream->is_connectionless)
		datagram_set_reconnect(stream,
		    redial_new(&d->target, &d->sources, &a->address,
			&d->attempts[d->next], d->count - d->next));
	finish(d, stream);
}

static void
check_connected(struct dial *d, struct attempt *a, short events)
{
	int error = attempt_error(a, events);

	if (error == 0)
		win(d, a);
	else
		fail(d, a, error);
}

static void
try_connect(struct dial *d, struct attempt *a, int64_t now)
{
	if (attempt_connect(a) == 0) {
		check_connected(d, a, 0);
	} else if (errno == EAGAIN &&
	    d->target.transport->domain == TRANSPORT_UNIX) {
		/* The listener's queue is full; poll(2) cannot wait for it. */
		d->next_at = loop_after(now, FULL_QUEUE_MS);
	} else if (errno != EINPROGRESS && errno != EINTR) {
		fail(d, a, errno);
	}
}

/* Whether the directory of the local path is to be asked for again. */
static bool
waits_for_lock(struct dial *d, struct attempt *a, int64_t now)
{
	if (d->target.transport->domain != TRANSPORT_UNIX || errno != EAGAIN)
		return false;
	if (d->lock_until == 0)
		d->lock_until = loop_after(now, UNIXPATH_LOCK_MS);
	if (d->lock_until <= now)
		return false;
	attempt_release(a);
	d->next--;
	d->next_at = loop_after(now, UNIXPATH_RETRY_MS);
	return true;
}

static void
start(struct dial *d, struct attempt *a, int64_t now)
{
	if (attempt_open(a, &d->target, &d->sources) == -1) {
		if (!waits_for_lock(d, a, now))
			fail(d, a, errno);
		return;
	}
	a->state = ATTEMPT_CONNECTING;
	d->next_at = loop_after(now, NEXT_ATTEMPT_MS);
	try_connect(d, a, now);
}

static bool
is_connecting(const struct dial *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->attempts[i].state == ATTEMPT_CONNECTING)
			return true;
	return false;
}

/* Starts attempts until one is under way that deserves its 250 ms. */
static void
start_due(struct dial *d, int64_t now)
{
	while (!d->task.done && d->next < d->count && d->next_at <= now)
		start(d, &d->attempts[d->next++], now);
	if (d->task.done || d->next < d->count || is_connecting(d))
		return;
	report_failures(d);
	finish(d, NULL);
}

static int
add_attempts(struct dial *d, struct address_list *found)
{
	d->attempts = calloc(found->count, sizeof(*d->attempts));
	if (d->attempts == NULL)
		return -1;
	address_list_alternate(found);
	for (; d->count < found->count; d->count++)
		d->attempts[d->count] = (struct attempt){
			.address = found->items[d->count],
			.fd = -1,
			.slot = -1,
		};
	return 0;
}

static void
take_target(struct dial *d)
{
	const struct target *t = &d->target;
	const struct address none = { 0 };
	struct address_list found;
	int code = lookup_take(&d->lookup, &found);

	if (code == 0 && add_attempts(d, &found) == -1)
		code = EAI_MEMORY;
	address_list_clear(&found);
	if (code == 0)
		return;
	if (t->transport->domain == TRANSPORT_INET)
		report(d, "%s port %s: %s", target_host(t), t->port,
		    resolve_error(code));
	else
		report(d, "connect to %s (%s) failed: %s", target_host(t),
		    t->transport->name, address_error(&none, errno));
	finish(d, NULL);
}

/* Unix attempts wait for the clock, not for their socket. */
static bool
is_retrying(const struct dial *d, const struct attempt *a)
{
	return a->state == ATTEMPT_CONNECTING &&
	    d->target.transport->domain == TRANSPORT_UNIX;
}

static void
give_up(struct dial *d)
{
	const struct target *t = &d->target;

	if (d->count == 0) {
		report(d, "%s port %s: %s", target_host(t), t->port,
		    strerror(ETIMEDOUT));
		finish(d, NULL);
		return;
	}
	for (size_t i = 0; i < d->count; i++)
		if (d->attempts[i].state != ATTEMPT_FAILED)
			fail(d, &d->attempts[i], ETIMEDOUT);
	report_failures(d);
	finish(d, NULL);
}

static void
find_target(struct dial *d)
{
	const struct target *t = &d->target;
	struct resolve_query query = {
		.host = t->host,
		.port = t->port,
		.family = t->family,
		.numeric = t->numeric,
	};

	d->is_source_known = true;
	if (lookup_start(&d->lookup, t->transport, &query))
		take_target(d);
}

static void
take_source(struct dial *d)
{
	const struct target *t = &d->target;
	const char *local = t->source != NULL ? t->source : t->source_port;
	int code = lookup_take(&d->lookup, &d->sources);

	if (code == 0) {
		find_target(d);
		return;
	}
	report(d, "local address %s: %s", local, resolve_error(code));
	finish(d, NULL);
}

/* First where to connect from, then where to. */
static void
begin(struct dial *d)
{
	const struct target *t = &d->target;
	struct resolve_query query = {
		.host = t->source,
		.port = t->source_port,
		.family = t->family,
		.numeric = t->numeric,
		.passive = true,
	};

	d->is_started = true;
	if (t->transport->domain != TRANSPORT_INET ||
	    (t->source == NULL && t->source_port == NULL))
		find_target(d);
	else if (lookup_start(&d->lookup, t->transport, &query))
		take_source(d);
}

static void
take_answer(struct dial *d)
{
	if (d->is_source_known)
		take_target(d);
	else
		take_source(d);
}

static void
dial_want(struct task *task, struct poll_set *set)
{
	struct dial *d = (struct dial *)task;

	lookup_want(&d->lookup, set);
	for (size_t i = 0; i < d->count; i++) {
		struct attempt *a = &d->attempts[i];

		a->slot = -1;
		if (a->state == ATTEMPT_CONNECTING && !is_retrying(d, a))
			a->slot = poll_set_add(set, a->fd, POLLOUT);
	}
}

static int64_t
dial_deadline(const struct task *task)
{
	const struct dial *d = (const struct dial *)task;
	int64_t deadline = d->give_up_at;

	if (!d->is_started)
		return 0;
	if (d->next_at < deadline && d->count > 0 &&
	    (d->next < d->count || is_retrying(d, &d->attempts[0])))
		deadline = d->next_at;
	return deadline;
}

static void
dial_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct dial *d = (struct dial *)task;

	if (!d->is_started)
		begin(d);
	else if (lookup_has_answer(&d->lookup))
		take_answer(d);
	for (size_t i = 0; i < d->count && !task->done; i++) {
		struct attempt *a = &d->attempts[i];

		if (a->slot >= 0 && poll_set_events(set, a->slot) != 0)
			check_connected(d, a, poll_set_events(set, a->slot));
		else if (is_retrying(d, a) && d->next_at <= now)
			try_connect(d, a, now);
	}
	if (!task->done && d->count > 0)
		start_due(d, now);
	if (!task->done && d->give_up_at <= now)
		give_up(d);
}

static void
dial_free(struct task *task)
{
	struct dial *d = (struct dial *)task;

	for (size_t i = 0; i < d->count; i++)
		attempt_release(&d->attempts[i]);
	lookup_clear(&d->lookup);
	address_list_clear(&d->sources);
	free(d->attempts);
	free(d);
}

static const struct task_ops dial_ops = {
	.name = "dial",
	.want = dial_want,
	.deadline = dial_deadline,
	.step = dial_step,
	.free = dial_free,
};

struct task *
dial_new(const struct target *target, dial_done *done, void *context)
{
	struct dial *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->task.ops = &dial_ops;
	d->target = *target;
	d->done = done;
	d->context = context;
	d->give_up_at = loop_after(loop_now(), target->timeout);
	return &d->task;
}
