/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Clients come through the parts: connections through listen/acceptor, those
 * of datagram sockets through listen/listen_datagrams.
 */
#include "listen/listener.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/loop.h"
#include "listen/acceptor.h"
#include "listen/inherited.h"
#include "listen/listen_datagrams.h"
#include "listen/listen_options.h"
#include "listen/listen_sockets.h"
#include "net/address.h"
#include "net/address_list.h"
#include "net/address_text.h"
#include "net/lookup.h"
#include "net/resolve.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/stream.h"

enum listener_stage {
	LISTENER_STARTS, /* again, while the directory of a path is locked */
	LISTENER_LOOKS_UP,
	LISTENER_SERVES,
};

struct listener {
	struct task task;
	struct listen_options options;
	enum listener_stage stage;
	struct lookup lookup;
	struct listen_sockets sockets;
	struct acceptor acceptor;
	struct listen_datagrams datagrams;
};

/* The reason has been reported. */
static void
listener_fail(struct listener *l)
{
	task_end(&l->task);
	l->options.client(l->options.context, NULL);
}

static void
tell_ready(struct listener *l)
{
	if (l->options.ready != NULL)
		l->options.ready(l->options.context, &l->sockets);
}

/* The sockets are bound. */
static void
listener_serve(struct listener *l)
{
	l->stage = LISTENER_SERVES;
	if (listen_datagrams_start(&l->datagrams) == 0) {
		listen_sockets_report(&l->sockets, &l->options);
		tell_ready(l);
		return;
	}
	event_failed("listen", errno);
	listener_fail(l);
}

static void
report_lookup(const struct listen_options *o, int code)
{
	const struct address none = { 0 };

	if (o->transport->domain == TRANSPORT_INET)
		event_say(EVENT_LISTEN_UNRESOLVED,
		    .where = o->host != NULL ? o->host : "*", .host = o->host,
		    .service = o->port, .reason = resolve_error(code));
	else
		event_say(EVENT_LISTEN_FAILED,
		    .where = o->host != NULL ? o->host : "any", .host = o->host,
		    .transport = o->transport->name,
		    .reason = address_error(&none, errno), .error = errno);
}

static void
open_sockets(struct listener *l)
{
	struct address_list found;
	int result, code = lookup_take(&l->lookup, &found);

	if (code != 0) {
		report_lookup(&l->options, code);
		listener_fail(l);
	} else {
		result = listen_sockets_open(&l->sockets, &l->options, &found);
		if (result == LISTEN_SOCKETS_LATER)
			l->stage = LISTENER_STARTS;
		else if (result == -1)
			listener_fail(l);
		else
			listener_serve(l);
	}
	address_list_clear(&found);
}

static void
look_up(struct listener *l)
{
	const struct listen_options *o = &l->options;
	struct resolve_query query = {
		.host = o->host,
		.port = o->port,
		.family = o->family,
		.numeric = o->numeric,
		.passive = true,
	};

	l->stage = LISTENER_LOOKS_UP;
	if (lookup_start(&l->lookup, o->transport, &query))
		open_sockets(l);
}

static bool
is_allowed(const struct listener *l, const struct address *peer)
{
	const struct listen_options *o = &l->options;

	return o->guard == NULL || o->guard(o->context, peer);
}

/* For the parts: whether a client may come in; reports one that may not. */
static bool
admit(void *context, const struct address *peer)
{
	if (is_allowed(context, peer))
		return true;
	event_say(EVENT_DENIED, .peer = address_end(peer));
	return false;
}

/* A unix peer without a name goes by the listener's. */
static void
report_client(struct stream *stream)
{
	const struct address *peer = &stream->peer;

	if (stream->transport->domain == TRANSPORT_UNIX &&
	    peer->length <= sizeof(sa_family_t)) {
		peer = stream_local(stream);
		stream_set_name(stream, peer);
	}
	event_say(EVENT_ACCEPTED, .peer = address_end(peer),
	    .local = address_end(stream_local(stream)));
}

/* For the parts: a client has come. */
static void
hand_over(void *context, struct stream *stream)
{
	struct listener *l = context;

	report_client(stream);
	if (!l->options.keep_open) {
		listen_sockets_close(&l->sockets);
		task_end(&l->task);
	}
	l->options.client(l->options.context, stream);
}

/* A socket that the supervisor accepted; its client is the only one. */
static void
serve_given(struct listener *l, const struct inherited_socket *s)
{
	const struct listen_options *o = &l->options;
	struct address peer;
	struct stream *stream;

	socket_remote(s->fd, &peer);
	if (!is_allowed(l, &peer)) {
		event_say(EVENT_DENIED_GIVEN, .peer = address_end(&peer));
		close(s->fd);
		listener_fail(l);
		return;
	}
	descriptor_set_blocking(s->fd, false);
	socket_prepare_stream(s->fd, s->transport, &o->socket);
	stream = acceptor_stream(o, s->fd, s->transport, &peer);
	if (stream == NULL) {
		event_failed("serve", errno);
		listener_fail(l);
		return;
	}
	stream->never_aborts = true; /* the socket is not ours alone */
	tell_ready(l);
	hand_over(l, stream);
}

static void
take_inherited(struct listener *l)
{
	const struct inherited *in = l->options.inherited;

	if (inherited_client(in) != NULL)
		serve_given(l, inherited_client(in));
	else if (listen_sockets_inherit(&l->sockets, &l->options, in) == -1)
		listener_fail(l);
	else
		listener_serve(l);
}

static void
listener_want(struct task *task, struct poll_set *set)
{
	struct listener *l = (struct listener *)task;

	lookup_want(&l->lookup, set);
	acceptor_want(&l->acceptor, set);
	listen_datagrams_want(&l->datagrams, set);
}

static int64_t
listener_deadline(const struct task *task)
{
	const struct listener *l = (const struct listener *)task;

	if (l->stage == LISTENER_STARTS)
		return l->sockets.ask_at;
	return loop_earlier(acceptor_deadline(&l->acceptor),
	    listen_datagrams_deadline(&l->datagrams));
}

static void
listener_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct listener *l = (struct listener *)task;
	const struct inherited *in = l->options.inherited;

	switch (l->stage) {
	case LISTENER_STARTS:
		if (in != NULL && in->count > 0)
			take_inherited(l);
		else if (l->sockets.ask_at <= now)
			look_up(l);
		break;
	case LISTENER_LOOKS_UP:
		if (lookup_has_answer(&l->lookup))
			open_sockets(l);
		break;
	case LISTENER_SERVES:
		acceptor_step(&l->acceptor, set, now);
		if (!l->task.done &&
		    !listen_datagrams_step(&l->datagrams, set, now))
			listener_fail(l);
		break;
	}
}

static void
listener_free(struct task *task)
{
	struct listener *l = (struct listener *)task;

	lookup_clear(&l->lookup);
	listen_datagrams_clear(&l->datagrams);
	listen_sockets_close(&l->sockets);
	free(l);
}

static const struct task_ops listener_ops = {
	.name = "listener",
	.want = listener_want,
	.deadline = listener_deadline,
	.step = listener_step,
	.free = listener_free,
};

struct listener *
listener_new(const struct listen_options *options)
{
	struct listener *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->task.ops = &listener_ops;
	l->options = *options;
	l->acceptor = (struct acceptor){
		.options = &l->options,
		.sockets = &l->sockets,
		.guard = admit,
		.client = hand_over,
		.context = l,
	};
	l->datagrams = (struct listen_datagrams){
		.options = &l->options,
		.sockets = &l->sockets,
		.guard = admit,
		.client = hand_over,
		.context = l,
	};
	return l;
}

struct task *
listener_task(struct listener *l)
{
	return &l->task;
}

void
listener_stop(struct listener *l)
{
	listen_sockets_close_listening(&l->sockets);
	if (!listen_datagrams_stop(&l->datagrams))
		task_end(&l->task);
}
