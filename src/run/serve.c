/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Server mode: who comes gets a place, waits for one, or is turned away; and
 * when to stop.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "cli/plan.h"
#include "net/gate.h"
#include "net/inherit.h"
#include "net/listen.h"
#include "net/stream.h"
#include "observe/log.h"
#include "relay/hub.h"
#include "relay/linger.h"
#include "run/command.h"
#include "run/descriptors.h"
#include "run/modes.h"
#include "run/outcome.h"
#include "run/queue.h"
#include "run/session.h"
#include "run/signals.h"
#include "run/supervisor.h"

enum { GRACE_MS = 10000 /* after SIGTERM, for sessions to end */ };

/* A task, for the time that it is stopping. */
struct server {
	struct task task;
	struct site site;
	struct supervisor *supervisor;
	struct listener *listener;
	struct queue *queue; /* with -k, of connections */
	struct gate *gate;   /* or NULL: everybody may come in */
	size_t served;       /* connections */
	size_t turned_away;  /* and those that are being told so */
	size_t peers;        /* of datagram sockets, whom the table bounds */
	size_t room;         /* for connections, in all, by their descriptors */
	bool is_full_said;
	bool is_serving_next;
	int stopping;    /* the signal; 0: it is not */
	int64_t stop_at; /* whoever is still served then */
	struct outcome *outcome;
};

static void
fail(struct server *s)
{
	s->outcome->is_failure = true;
	loop_stop(s->site.loop);
}

static void serve(
    struct server *, struct stream *, const struct datagram_source *);

/* One that cannot be served has left again before serve() returns. */
static void
serve_next(struct server *s)
{
	struct stream *next;

	if (s->is_serving_next)
		return;
	s->is_serving_next = true;
	while (s->queue != NULL && s->served < s->site.plan->max_conns &&
	    (next = queue_take(s->queue)) != NULL) {
		log_line(LOG_EVENTS, "%s: served after waiting", next->source);
		serve(s, next, NULL);
	}
	s->is_serving_next = false;
}

static void
client_left(struct server *s, const struct session_result *result)
{
	if (!s->site.is_for_many) {
		outcome_add(s->outcome, result);
		loop_stop(s->site.loop);
	} else if (s->stopping == 0)
		serve_next(s);
}

static void
connection_ended(void *context, const struct session_result *result)
{
	struct server *s = context;

	s->served--;
	client_left(s, result);
}

static void
peer_ended(void *context, const struct session_result *result)
{
	struct server *s = context;

	s->peers--;
	client_left(s, result);
}

static void
serve(struct server *s, struct stream *stream,
    const struct datagram_source *source)
{
	if (source != NULL) {
		s->peers++;
		session_start(&s->site, stream, source, peer_ended, s);
	} else {
		s->served++;
		session_start(&s->site, stream, NULL, connection_ended, s);
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
	linger_start(s->site.loop, stream, is_away, NULL, s);
}

static void
say_busy(struct server *s, struct stream *stream)
{
	const char *text = s->site.plan->busy_message;

	log_line(
	    LOG_EVENTS, "%s: turned away, the queue is full", stream->source);
	/* A new connection has room for a line; if not, so be it. */
	if (text[0] != '\0')
		(void)stream_write(stream, text, strlen(text));
	turn_away(s, stream);
}

/* Those who take descriptors, whether they are served or not. */
static size_t
connections(const struct server *s)
{
	size_t waiting = s->queue != NULL ? queue_count(s->queue) : 0;

	return s->served + waiting + s->turned_away;
}

static bool
has_room(void *context)
{
	const struct server *s = context;

	return connections(s) < s->room;
}

/* As when accept(2) fails, but once, and not again until many have left. */
static void
say_if_full(struct server *s)
{
	if (connections(s) < s->room / 2)
		s->is_full_said = false;
	if (has_room(s) || s->is_full_said)
		return;
	log_error("accept: %s", strerror(EMFILE));
	s->is_full_said = true;
}

static void
take_client(struct server *s, struct stream *stream,
    const struct datagram_source *source)
{
	/* Of datagrams' senders, the listener's table has as many as may be. */
	if (source != NULL || s->queue == NULL ||
	    s->served < s->site.plan->max_conns)
		serve(s, stream, source);
	else if (queue_add(s->queue, stream) == -1)
		say_busy(s, stream);
}

static void
client_came(
    void *context, struct stream *stream, const struct datagram_source *source)
{
	struct server *s = context;

	if (stream == NULL) {
		fail(s);
		return;
	}
	take_client(s, stream, source);
	if (s->site.is_for_many)
		say_if_full(s);
}

static void
sockets_bound(void *context, const struct bound_list *sockets)
{
	struct server *s = context;

	ready_tell(&s->supervisor->ready, sockets);
}

static bool
may_come_in(void *context, const struct address *address)
{
	const struct server *s = context;

	return s->gate == NULL || gate_lets_in(s->gate, address);
}

static void
streams_failed(void *context, const char *what, int error)
{
	struct server *s = context;

	if (error == EPIPE)
		s->outcome->signal = SIGPIPE;
	else
		log_error("%s: %s", what, strerror(error));
	fail(s);
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
	gate_reload(s->gate, lists_reloaded, s);
}

static void
stop_now(struct server *s)
{
	s->outcome->signal = s->stopping;
	loop_stop(s->site.loop);
}

static size_t
clients_count(const struct server *s)
{
	return s->served + s->peers;
}

static const char *
clients_noun(const struct server *s)
{
	return clients_count(s) == 1 ? "client" : "clients";
}

/* The first time sessions may end by themselves, the second time not. */
static void
stop(void *context, int number)
{
	struct server *s = context;
	bool has_deadline = s->site.plan->deadline >= 0;
	struct stream *waiting;

	if (s->stopping != 0) {
		stop_now(s);
		return;
	}
	s->stopping = number;
	ready_stopping(&s->supervisor->ready);
	s->stop_at =
	    has_deadline ? LOOP_NEVER : loop_after(loop_now(), GRACE_MS);
	listener_stop(s->listener);
	while (s->queue != NULL && (waiting = queue_take(s->queue)) != NULL)
		turn_away(s, waiting);
	if (s->site.hub != NULL)
		hub_finish(s->site.hub);
	if (clients_count(s) > 0)
		log_line(LOG_EVENTS, "Stopping: waiting for %zu %s",
		    clients_count(s), clients_noun(s));
}

static bool
is_busy(const struct server *s)
{
	return clients_count(s) > 0 ||
	    (s->site.hub != NULL && hub_has_data(s->site.hub));
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
		return LOOP_NEVER;
	return is_busy(s) ? s->stop_at : 0;
}

static void
server_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct server *s = (struct server *)task;

	(void)set;
	if (is_busy(s) && now < s->stop_at)
		return;
	if (clients_count(s) > 0)
		log_error("stopped with %zu %s still connected",
		    clients_count(s), clients_noun(s));
	else if (is_busy(s))
		log_error(
		    "%s: stopped before all was written", s->site.local->sink);
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
	const struct plan *plan = s->site.plan;
	struct hub_options options = {
		.kind = plan->hub,
		.stdio = plan->hub == HUB_STAR ? s->site.local : NULL,
		.failed = streams_failed,
		.context = s,
	};

	if (plan->command != NULL || plan->forward)
		return 0;
	s->site.hub = hub_new(&options);
	if (s->site.hub == NULL)
		return -1;
	loop_add(s->site.loop, hub_task(s->site.hub));
	return 0;
}

/* What it takes to serve more than one. */
static int
prepare_many(struct server *s)
{
	const struct plan *plan = s->site.plan;

	if (!s->site.is_for_many)
		return 0;
	signals_watch(SIGTERM, stop, s);
	if (add_hub(s) == -1)
		return -1;
	s->queue = queue_new(s->site.loop, plan->max_waiting);
	return s->queue == NULL ? -1 : 0;
}

/* One client that somebody else accepted has nobody to talk to. */
static int
check_purpose(const struct server *s)
{
	if (s->site.is_for_many || s->site.plan->hub == HUB_STAR)
		return 0;
	log_error("--broker, --chat: need a socket that listens");
	return -1;
}

static int
prepare(struct server *s)
{
	struct loop *loop = s->site.loop;
	struct listen_options options = s->site.plan->server;
	rlim_t limit = options.keep_open ? descriptors_raise() : 0;

	s->room = descriptors_room(session_descriptors(s->site.plan));
	if (options.most_peers > s->room)
		options.most_peers = s->room;
	options.inherited = &s->supervisor->sockets;
	options.ready = sockets_bound;
	options.has_room = has_room;
	/* After a client whom the supervisor accepted no other can come. */
	if (inherit_client(options.inherited) != NULL)
		options.keep_open = false;
	s->site.is_for_many = options.keep_open;
	if (s->gate != NULL)
		signals_watch(SIGHUP, reload, s);
	if (command_prepare(&s->site, limit) == -1 || prepare_many(s) == -1)
		return -1;
	s->listener = listener_new(&options, client_came, may_come_in, s);
	if (s->listener == NULL)
		return -1;
	loop_add(loop, listener_task(s->listener));
	return 0;
}

void
run_serve(struct loop *loop, const struct plan *plan,
    struct supervisor *supervisor, struct gate *gate, struct stream *local,
    struct outcome *outcome)
{
	struct server *s = calloc(1, sizeof(*s));

	if (s != NULL) {
		s->task.ops = &server_ops;
		s->site = (struct site){
			.loop = loop,
			.plan = plan,
			.local = local,
		};
		s->supervisor = supervisor;
		s->gate = gate;
		s->outcome = outcome;
		loop_add(loop, &s->task);
	}
	outcome->is_failure = true;
	if (s == NULL || prepare(s) == -1) {
		log_error("start: %s", strerror(errno));
	} else if (check_purpose(s) == 0) {
		outcome->is_failure = false;
		loop_run(loop);
	}
	if (s == NULL || s->stopping == 0)
		ready_stopping(&supervisor->ready);
}
