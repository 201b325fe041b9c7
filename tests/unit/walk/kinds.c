/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What each kind of end is, and what poll(2) says of it.
 */
#include <poll.h>
#include <string.h>

#include "base/loop.h"
#include "ends.h"

const char *const end_kind_names[END_KINDS] = { "pipes", "a terminal",
	"no input", "no output", "a command", "a command on a terminal",
	"a hub", "TCP", "unix", "seqpacket", "UDP", "one of many peers" };

bool
end_is_polled(const struct end *e)
{
	return e->kind != MEMBER && e->kind != PEER;
}

bool
end_is_tcp(const struct end *e)
{
	return e->kind == TCP;
}

/* What poll(2) says of a descriptor that both directions share. */
static short
poll_socket(const struct end *e)
{
	short events = 0;

	if (e->available > 0 || e->error != 0 || e->failure != 0 ||
	    e->has_ended)
		events |= POLLIN;
	if (e->sink != SINK_FULL)
		events |= POLLOUT;
	if (e->error != 0)
		events |= POLLERR;
	if (e->is_hung_up || (e->has_ended && e->is_shut))
		events |= POLLHUP;
	return events;
}

/* And of each of two. */
static short
poll_pipe(const struct end *e, bool is_in)
{
	short events = 0;

	if (is_in && (e->available > 0 || e->failure != 0))
		events |= POLLIN;
	if (is_in && e->has_ended)
		events |= POLLHUP;
	if (!is_in && e->sink != SINK_FULL)
		events |= POLLOUT;
	if (!is_in && e->sink == SINK_GONE)
		events |= POLLERR;
	return events;
}

short
end_poll(const struct end *e, int fd)
{
	if (e->stream.in == e->stream.out || e->kind == PEER)
		return poll_socket(e);
	return poll_pipe(e, fd == e->stream.in);
}

void
end_update(struct end *e)
{
	if (end_is_polled(e))
		return;
	e->stream.ready = poll_socket(e) & (POLLIN | POLLOUT);
	if (e->kind == MEMBER && e->sink == SINK_GONE)
		e->stream.ready |= POLLERR | POLLHUP;
}

static void
set_descriptors(struct end *e, int fd)
{
	bool has_two = e->kind <= COMMAND;

	e->stream.in = e->kind == MUTE || !end_is_polled(e) ? -1 : fd;
	e->stream.out =
	    e->kind == MEMBER || e->kind == INPUT ? -1 : fd + has_two;
}

void
end_init(struct end *e, enum end_kind kind, const char *name, int fd,
    const int64_t *now, int64_t delay)
{
	struct stream *s = &e->stream;
	bool is_message = kind == SEQPACKET || kind == UDP || kind == PEER;

	*e = (struct end){ .kind = kind, .now = now, .delay = delay };
	e->dies_at = LOOP_NEVER;
	s->kind = end_stream_kind(kind);
	set_descriptors(e, fd);
	s->is_terminal = kind == TERMINAL;
	s->is_mute = kind == MUTE;
	s->drains_source = kind == COMMAND || kind == PTY;
	s->is_connectionless = kind == UDP || kind == PEER;
	s->watch_every = kind == TCP ? WATCH_EVERY : 0;
	s->reads_messages = s->writes_messages = is_message;
	s->message_size = is_message ? MESSAGE : SIZE_MAX;
	s->message_max = MESSAGE;
	strlcpy(s->source, name, sizeof(s->source));
	strlcpy(s->sink, name, sizeof(s->sink));
	end_update(e);
}
