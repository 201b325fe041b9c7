/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The stream of a member: what a client's relay reads and writes.  Standard
 * input has one, too, which only sends.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "codec/chat.h"
#include "hub/hub_impl.h"
#include "observe/event.h"

enum {
	LINE_LIMIT = 64 * 1024, /* bytes of a line that is kept together */
	MESSAGE_SIZE = 64 * 1024,
	FIRST_MESSAGE_MAX = 256 * 1024, /* until a larger one comes */
};

static bool
is_input(const struct member *m)
{
	return m == &m->hub->input.member;
}

/* Nothing more can complete it: what is no complete line counts as one. */
static void
send_rest(struct member *m)
{
	struct line rest = lines_rest(&m->lines);

	if (rest.length == 0)
		return;
	route_send(m, rest.bytes, rest.length);
	lines_clear(&m->lines);
}

/*
 * A line of a chat grows by the name of its speaker, so it is asked before
 * each whether there is space; but a message is taken as a whole.
 */
static ssize_t
send_lines(struct member *m, const uint8_t *bytes, size_t length)
{
	bool is_message = m->stream.writes_messages;
	size_t done = 0;

	while (
	    done < length && (done == 0 || is_message || !turns_must_wait(m))) {
		struct line line;
		ssize_t n =
		    lines_take(&m->lines, bytes + done, length - done, &line);

		if (n == -1)
			return done > 0 ? (ssize_t)done : STREAM_ERROR;
		done += (size_t)n;
		if (line.length == 0)
			continue;
		route_send(m, line.bytes, line.length);
		lines_clear(&m->lines);
	}
	return (ssize_t)done;
}

/* What a star reads from its input is not kept in lines. */
static bool
is_in_lines(const struct member *m)
{
	switch (m->hub->options.kind) {
	case HUB_STAR:
		return !is_input(m) && !m->stream.writes_messages;
	case HUB_BROKER:
		return false;
	case HUB_CHAT:
		break;
	}
	return true;
}

/* In a mesh that stops, nobody gets anything more. */
static bool
is_stopped(const struct member *m)
{
	return m->hub->is_finished && m->hub->options.kind != HUB_STAR;
}

static ssize_t
memberio_write(struct stream *s, const void *bytes, size_t length)
{
	struct member *m = (struct member *)s;
	ssize_t n = (ssize_t)length;

	if (is_stopped(m) && !m->is_dropped)
		event_say(EVENT_WRONG, .what = s->source,
		    .reason = "stopped before all was passed on");
	if (is_stopped(m) || m->is_dropped || m->hub->output.is_failed) {
		errno = EPIPE;
		return STREAM_ERROR;
	}
	if (turns_must_wait(m)) {
		turns_wait(m);
		return STREAM_WANT_WRITE;
	}
	if (length == 0 && !s->writes_messages)
		return 0;
	m->has_sent = true;
	if (is_in_lines(m))
		n = send_lines(m, bytes, length);
	else
		route_send(m, bytes, length);
	if (s->writes_messages)
		send_rest(m);
	turns_leave(m);
	return n;
}

/* Whether its end would pass for the end of the input, and is not. */
static bool
is_cut(const struct member *m)
{
	return m->client->kind->is_connection &&
	    (m->is_cut || (m->hub->is_cut && !m->is_closing));
}

static ssize_t
read_end(struct member *m)
{
	if (!member_is_over(m))
		return STREAM_WANT_READ;
	m->is_end_read = true;
	m->client->is_reset |= is_cut(m);
	return STREAM_EOF;
}

static ssize_t
memberio_read(struct stream *s, void *bytes, size_t length)
{
	struct member *m = (struct member *)s;
	const uint8_t *head;
	size_t size;

	if (outqueue_used(&m->queue) == 0)
		return read_end(m);
	head = outqueue_head(&m->queue, &size);
	if (length > size)
		length = size;
	memcpy(bytes, head, length);
	outqueue_consume(&m->queue, length);
	member_update(m);
	return (ssize_t)length;
}

/* Its client has sent everything. */
static int
memberio_shut(struct stream *s)
{
	struct member *m = (struct member *)s;

	send_rest(m);
	m->is_ended = true;
	if (is_input(m))
		return 0;
	/* A peer of a datagram socket ends when it has left. */
	if (!route_has_source(m->hub) || m->client->is_connectionless)
		member_close(m);
	member_update(m);
	return 0;
}

static int
memberio_error(struct stream *s)
{
	(void)s;
	return EPIPE;
}

/* Its client takes no more: others do not wait for it. */
static void
memberio_give_up(struct stream *s)
{
	struct member *m = (struct member *)s;

	if (m->is_given_up)
		return;
	m->is_given_up = true;
	outqueue_clear(&m->queue);
	member_update(m);
}

static void
memberio_free(struct stream *s)
{
	struct member *m = (struct member *)s;

	route_announce(m, "left", "");
	member_leave(m);
	lines_clear(&m->lines);
	outqueue_clear(&m->queue);
	free(m);
}

static const struct stream_kind memberio_kind = {
	.is_unpolled = true,
	.read = memberio_read,
	.write = memberio_write,
	.shut = memberio_shut,
	.error = memberio_error,
	.give_up = memberio_give_up,
	.free = memberio_free,
};

static void
memberio_init(struct member *m, struct hub *hub, const char *name)
{
	struct stream *s = &m->stream;

	s->kind = &memberio_kind;
	s->in = s->out = -1;
	s->ready = POLLOUT;
	s->message_size = MESSAGE_SIZE;
	s->message_max = FIRST_MESSAGE_MAX;
	strlcpy(s->source, name, sizeof(s->source));
	strlcpy(s->sink, name, sizeof(s->sink));
	m->hub = hub;
	m->lines.is_single = hub->options.kind == HUB_CHAT;
	m->lines.max = m->lines.is_single ? CHAT_LINE : LINE_LIMIT;
}

struct member *
memberio_new(struct hub *hub, struct stream *client)
{
	const struct stream *stdio = hub->options.stdio;
	bool is_star = hub->options.kind == HUB_STAR;
	struct member *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	memberio_init(m, hub, client->source);
	m->client = client;
	m->stream.peer = client->peer;
	m->stream.writes_messages = client->reads_messages;
	/* Bytes of standard input are cut where they are written. */
	m->stream.reads_messages =
	    client->reads_messages && (!is_star || stdio->reads_messages);
	m->queue.keeps_messages = m->stream.reads_messages;
	m->stream.is_mute = is_star && stdio->is_mute;
	return m;
}

void
memberio_init_input(struct hub *hub)
{
	const struct stream *stdio = hub->options.stdio;

	memberio_init(&hub->input.member, hub, stdio->source);
	hub->input.member.stream.writes_messages = stdio->reads_messages;
}
