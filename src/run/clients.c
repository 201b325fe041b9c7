/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "run/clients.h"

#include <errno.h>
#include <string.h>

#include "base/loop.h"
#include "cli/plan.h"
#include "observe/event.h"
#include "relay/linger.h"
#include "run/dispatch.h"
#include "run/queue.h"
#include "run/run.h"
#include "stream/stream.h"

static void serve(struct clients *, struct stream *);

/* A client that cannot be served has left before serve() returns. */
static void
serve_next(struct clients *c)
{
	struct stream *next;

	if (c->is_serving_next)
		return;
	c->is_serving_next = true;
	while (c->queue != NULL && c->served < c->run->plan->max_conns &&
	    (next = queue_take(c->queue)) != NULL) {
		event_say(EVENT_DEQUEUED, .peer = stream_source(next));
		serve(c, next);
	}
	c->is_serving_next = false;
}

static void
client_left(struct clients *c, const struct session_result *result)
{
	c->idle_since = loop_now();
	if (!c->run->is_for_many)
		c->done(c->context, result);
	else if (!c->is_closed)
		serve_next(c);
}

static void
connection_ended(void *context, const struct session_result *result)
{
	struct clients *c = context;

	c->served--;
	client_left(c, result);
}

static void
peer_ended(void *context, const struct session_result *result)
{
	struct clients *c = context;

	c->peers--;
	client_left(c, result);
}

static void
serve(struct clients *c, struct stream *stream)
{
	if (stream->is_connectionless) {
		c->peers++;
		dispatch_start(c->run, stream, peer_ended, c);
	} else {
		c->served++;
		dispatch_start(c->run, stream, connection_ended, c);
	}
}

static void
linger_ended(void *context, bool is_delivered)
{
	struct clients *c = context;

	(void)is_delivered; /* that is no session which fails */
	c->turned_away--;
}

static void
turn_away(struct clients *c, struct stream *stream)
{
	c->turned_away++;
	linger_start(c->run->loop, stream, 0, linger_ended, c);
}

static void
say_busy(struct clients *c, struct stream *stream)
{
	const char *text = c->run->plan->busy_message;

	event_say(EVENT_TURNED_AWAY, .peer = stream_source(stream));
	/* A new connection can take a line; if not, it is lost. */
	if (text[0] != '\0')
		(void)stream_write(stream, text, strlen(text));
	turn_away(c, stream);
}

/* Clients that take descriptors, whether they are served or not. */
static size_t
count_connections(const struct clients *c)
{
	size_t waiting = c->queue != NULL ? queue_count(c->queue) : 0;

	return c->served + waiting + c->turned_away;
}

bool
clients_can_accept(const struct clients *c)
{
	/* Without --backlog, a burst waits in the system's queue. */
	if (c->queue != NULL && !c->run->plan->has_backlog &&
	    queue_crowded_until(c->queue) > loop_now())
		return false;
	return count_connections(c) < c->max;
}

/* As when accept(2) fails, but once, until half of the clients have left. */
static void
report_if_full(struct clients *c)
{
	if (count_connections(c) < c->max / 2)
		c->is_full_reported = false;
	if (count_connections(c) < c->max || c->is_full_reported)
		return;
	event_failed("accept", EMFILE);
	c->is_full_reported = true;
}

void
clients_add(struct clients *c, struct stream *stream)
{
	/* The peer table limits the number of datagram peers. */
	if (stream->is_connectionless || c->queue == NULL ||
	    c->served < c->run->plan->max_conns)
		serve(c, stream);
	else if (queue_add(c->queue, stream) == -1)
		say_busy(c, stream);
	if (c->run->is_for_many)
		report_if_full(c);
}

void
clients_close(struct clients *c)
{
	struct stream *waiting;

	c->is_closed = true;
	while (c->queue != NULL && (waiting = queue_take(c->queue)) != NULL)
		turn_away(c, waiting);
}

size_t
clients_count(const struct clients *c)
{
	return c->served + c->peers;
}

void
clients_init(
    struct clients *c, const struct run *run, session_done *done, void *context)
{
	*c = (struct clients){
		.run = run,
		.idle_since = LOOP_NEVER,
		.done = done,
		.context = context,
	};
}
