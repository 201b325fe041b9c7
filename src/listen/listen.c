/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Connections are accepted.  Datagram sockets are heard: listen/hearing.
 */
#include "listen/listen.h"

#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/loop.h"
#include "listen/acceptor.h"
#include "listen/hearing.h"
#include "listen/inherit.h"
#include "listen/sockets.h"
#include "net/address.h"
#include "net/address_list.h"
#include "net/address_text.h"
#include "net/lookup.h"
#include "net/resolve.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/connection.h"
#include "stream/datagram.h"
#include "stream/stream.h"

enum { ACCEPTS = 64 /* before others have their turn */ };

struct listener {
	struct task task;
	struct listen_options options;
	listen_client *client;
	void *context;
	struct listen_sockets sockets;
	bool is_started;
	struct lookup lookup;
	listen_guard *guard;
	struct hearing hearing;
	struct acceptor acceptor;
};

static void
fail(struct listener *l)
{
	task_end(&l->task);
	l->client(l->context, NULL);
}

static void
say_ready(struct listener *l)
{
	if (l->options.ready != NULL)
		l->options.ready(l->context, &l->sockets);
}

static void
start(struct listener *l)
{
	if (hearing_start(&l->hearing) == 0) {
		say_ready(l);
		return;
	}
	event_failed("listen", errno);
	fail(l);
}

static void
report_host(const struct listen_options *o, int code)
{
	const struct address none = { 0 };

	if (o->transport->domain == TRANSPORT_INET)
		log_error("listen on %s%s%s: %s",
		    o->host != NULL ? o->host : "*",
		    o->port != NULL ? " port " : "",
		    o->port != NULL ? o->port : "", resolve_error(code));
	else
		log_error("listen on %s (%s) failed: %s",
		    o->host != NULL ? o->host : "any", o->transport->name,
		    address_error(&none, errno));
}

static void
take_addresses(struct listener *l)
{
	struct address_list found;
	int code = lookup_take(&l->lookup, &found);

	if (code != 0) {
		report_host(&l->options, code);
		fail(l);
	} else {
		code = listen_sockets_open(&l->sockets, &l->options, &found);
		l->is_started = code != LISTEN_SOCKETS_LATER;
		if (code == -1)
			fail(l);
		else if (code == 0)
			start(l);
	}
	address_list_clear(&found);
}

/* Finds the addresses of the host, or starts to. */
static void
begin(struct listener *l)
{
	const struct listen_options *o = &l->options;
	struct resolve_query query = {
		.host = o->host,
		.port = o->port,
		.family = o->family,
		.numeric = o->numeric,
		.passive = true,
	};

	l->is_started = true;
	if (lookup_start(&l->lookup, o->transport, &query))
		take_addresses(l);
}

/* For a unix peer without a name, the listener's stands. */
static void
welcome(struct stream *stream)
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

static bool
is_let_in(const struct listener *l, const struct address *peer)
{
	return l->guard == NULL || l->guard(l->context, peer);
}

static bool
lets_in(void *context, const struct address *peer)
{
	if (is_let_in(context, peer))
		return true;
	event_say(EVENT_DENIED, .peer = address_end(peer));
	return false;
}

static void
serve(struct listener *l, struct stream *stream)
{
	welcome(stream);
	if (!l->options.keep_open) {
		listen_sockets_close(&l->sockets);
		task_end(&l->task);
	}
	l->client(l->context, stream);
}

/* A connected socket's stream, or NULL with errno and the socket closed. */
static struct stream *
make_stream(const struct listener *l, const struct transport *transport, int fd,
    const struct address *peer)
{
	struct datagram_options options = { .transport = transport,
		.min_ttl = l->options.socket.min_ttl,
		.one_by_one = l->options.socket.one_by_one };

	if (transport_keeps_messages(transport))
		return datagram_connected(fd, &options, peer, NULL);
	return connection_new(fd, transport, &l->options.socket, peer);
}

/* Returns whether there may be more. */
static bool
take_connection(struct listener *l, const struct listen_socket *b, int64_t now)
{
	struct address peer;
	struct stream *stream;
	int fd = acceptor_take(&l->acceptor, b->fd, &peer, now);

	if (fd == -1)
		return false;
	if (!lets_in(l, &peer)) {
		close(fd);
		return true;
	}
	stream = make_stream(l, b->transport, fd, &peer);
	if (stream == NULL) {
		event_failed("accept", errno);
		return true;
	}
	serve(l, stream);
	return true;
}

static bool
can_accept(const struct listener *l)
{
	return l->options.can_accept == NULL ||
	    l->options.can_accept(l->context);
}

static void
take_connections(struct listener *l, const struct listen_socket *b, int64_t now)
{
	for (int i = 0; i < ACCEPTS && !l->task.done && can_accept(l); i++)
		if ((i > 0 && !acceptor_has_client(b->fd)) ||
		    !take_connection(l, b, now))
			return;
}

static void
take_peer(void *context, struct stream *stream)
{
	serve(context, stream);
}

static void
listener_want(struct task *task, struct poll_set *set)
{
	struct listener *l = (struct listener *)task;
	bool takes_connections =
	    !acceptor_is_pausing(&l->acceptor) && can_accept(l);

	lookup_want(&l->lookup, set);
	for (size_t i = 0; i < l->sockets.count; i++) {
		struct listen_socket *b = &l->sockets.items[i];

		b->slot = -1;
		if (takes_connections &&
		    !transport_is_connectionless(b->transport))
			b->slot = poll_set_add(set, b->fd, POLLIN);
	}
	hearing_want(&l->hearing, set);
}

static int64_t
listener_deadline(const struct task *task)
{
	const struct listener *l = (const struct listener *)task;

	int64_t deadline = hearing_deadline(&l->hearing);

	if (!l->is_started)
		return l->sockets.ask_at;
	if (can_accept(l) && acceptor_deadline(&l->acceptor) < deadline)
		deadline = acceptor_deadline(&l->acceptor);
	return deadline;
}

static void
take_clients(struct listener *l, const struct poll_set *set, int64_t now)
{
	bool has_waited = acceptor_deadline(&l->acceptor) <= now;

	for (size_t i = 0; i < l->sockets.count; i++) {
		struct listen_socket *b = &l->sockets.items[i];

		if (transport_is_connectionless(b->transport) ||
		    (!has_waited && poll_set_events(set, b->slot) == 0))
			continue;
		take_connections(l, b, now);
	}
	if (!l->task.done && !hearing_step(&l->hearing, set, now))
		fail(l);
}

/* The supervisor has accepted a client, who is the only one. */
static void
take_client(struct listener *l, const struct inherited_socket *s)
{
	struct address peer;
	struct stream *stream;

	socket_remote(s->fd, &peer);
	if (!is_let_in(l, &peer)) {
		event_say(EVENT_DENIED_GIVEN, .peer = address_end(&peer));
		close(s->fd);
		fail(l);
		return;
	}
	descriptor_set_blocking(s->fd, false);
	socket_prepare_stream(s->fd, s->transport, &l->options.socket);
	stream = make_stream(l, s->transport, s->fd, &peer);
	if (stream == NULL) {
		event_failed("serve", errno);
		fail(l);
		return;
	}
	stream->never_aborts = true; /* the socket is not ours alone */
	say_ready(l);
	serve(l, stream);
}

static void
take_inherited(struct listener *l)
{
	const struct inherited *in = l->options.inherited;

	l->is_started = true;
	if (inherit_client(in) != NULL)
		take_client(l, inherit_client(in));
	else if (listen_sockets_inherit(&l->sockets, &l->options, in) == -1)
		fail(l);
	else
		start(l);
}

static void
listener_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct listener *l = (struct listener *)task;

	if (!l->is_started && l->options.inherited != NULL &&
	    l->options.inherited->count > 0)
		take_inherited(l);
	else if (!l->is_started && l->sockets.ask_at <= now)
		begin(l);
	else if (lookup_has_answer(&l->lookup))
		take_addresses(l);
	else
		take_clients(l, set, now);
}

static void
listener_free(struct task *task)
{
	struct listener *l = (struct listener *)task;

	lookup_clear(&l->lookup);
	hearing_clear(&l->hearing);
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
listener_new(const struct listen_options *options, listen_client *client,
    listen_guard *guard, void *context)
{
	struct listener *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->task.ops = &listener_ops;
	l->options = *options;
	l->client = client;
	l->guard = guard;
	l->context = context;
	l->hearing = (struct hearing){
		.options = &l->options,
		.sockets = &l->sockets,
		.guard = lets_in,
		.client = take_peer,
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
	hearing_stop(&l->hearing);
	if (l->hearing.peers == NULL)
		task_end(&l->task);
}
