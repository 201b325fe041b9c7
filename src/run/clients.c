/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "run/clients.h"

#include <errno.h>
#include <string.h>

#include "cli/plan.h"
#include "observe/event.h"
#include "relay/linger.h"
#include "run/dispatch.h"
#include "run/outcome.h"
#include "run/queue.h"
#include "run/server.h"
#include "stream/stream.h"

static void serve(struct server *, struct stream *);

/* A client that cannot be served has left before serve() returns. */
static void
serve_next(struct server *s)
{
	struct stream *next;

	if (s->is_serving_next)
		return;
	s->is_serving_next = true;
	while (s->queue != NULL && s->served < s->run.plan->max_conns &&
	    (next = queue_take(s->queue)) != NULL) {
		event_say(EVENT_DEQUEUED, .peer = stream_source(next));
		serve(s, next);
	}
	s->is_serving_next = false;
}

static void
client_left(struct server *s, const struct session_result *result)
{
	if (!s->run.is_for_many) {
		outcome_add(s->outcome, result);
		loop_stop(s->run.loop);
	} else if (!s->is_ending)
		serve_next(s);
}

static void
connection_ended(void *context, const struct session_result *result)
{
	struct server *s = context;

	s->served--;
	s->idle_since = loop_now();
	client_left(s, result);
}

static void
peer_ended(void *context, const struct session_result *result)
{
	struct server *s = context;

	s->peers--;
	s->idle_since = loop_now();
	client_left(s, result);
}

static void
serve(struct server *s, struct stream *stream)
{
	if (stream->is_connectionless) {
		s->peers++;
		dispatch_start(&s->run, stream, peer_ended, s);
	} else {
		s->served++;
		dispatch_start(&s->run, stream, connection_ended, s);
	}
}

static void
is_away(void *context)
{
	struct server *s = context;

	s->turned_away--;
}

static void
turn_away(struct server *s, struct stream *stream)
{
	s->turned_away++;
	linger_start(s->run.loop, stream, 0, is_away, NULL, s);
}

static void
say_busy(struct server *s, struct stream *stream)
{
	const char *text = s->run.plan->busy_message;

	event_say(EVENT_TURNED_AWAY, .peer = stream_source(stream));
	/* A new connection can take a line; if not, it is lost. */
	if (text[0] != '\0')
		(void)stream_write(stream, text, strlen(text));
	turn_away(s, stream);
}

/* Clients that take descriptors, whether they are served or not. */
static size_t
connections(const struct server *s)
{
	size_t waiting = s->queue != NULL ? queue_count(s->queue) : 0;

	return s->served + waiting + s->turned_away;
}

bool
clients_can_accept(void *context)
{
	const struct server *s = context;

	/* Without --backlog, a burst waits in the system's queue. */
	if (s->queue != NULL && !s->run.plan->has_backlog &&
	    queue_crowded_until(s->queue) > loop_now())
		return false;
	return connections(s) < s->max_sessions;
}

/* As when accept(2) fails, but once, until half of the clients have left. */
static void
say_if_full(struct server *s)
{
	if (connections(s) < s->max_sessions / 2)
		s->is_full_said = false;
	if (connections(s) < s->max_sessions || s->is_full_said)
		return;
	event_failed("accept", EMFILE);
	s->is_full_said = true;
}

static void
take_client(struct server *s, struct stream *stream)
{
	/* The peer table limits the number of datagram peers. */
	if (stream->is_connectionless || s->queue == NULL ||
	    s->served < s->run.plan->max_conns)
		serve(s, stream);
	else if (queue_add(s->queue, stream) == -1)
		say_busy(s, stream);
}

void
clients_came(void *context, struct stream *stream)
{
	struct server *s = context;

	if (stream == NULL) {
		server_fail(s);
		return;
	}
	take_client(s, stream);
	if (s->run.is_for_many)
		say_if_full(s);
}

void
clients_turn_away(struct server *s)
{
	struct stream *waiting;

	while (s->queue != NULL && (waiting = queue_take(s->queue)) != NULL)
		turn_away(s, waiting);
}

size_t
clients_count(const struct server *s)
{
	return s->served + s->peers;
}
