/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "ends.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/loop.h"

const char *const makes[MAKES] = { "pipes", "a terminal", "no input",
	"no output", "a command", "a command on a terminal", "a hub", "TCP",
	"unix", "seqpacket", "UDP", "one of many peers" };

struct end *
end_of(struct stream *s)
{
	return (struct end *)s;
}

bool
end_is_polled(const struct end *e)
{
	return e->make != MEMBER && e->make != PEER;
}

bool
end_is_tcp(const struct end *e)
{
	return e->make == TCP;
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
	if (e->stream.in == e->stream.out || e->make == PEER)
		return poll_socket(e);
	return poll_pipe(e, fd == e->stream.in);
}

void
end_update(struct end *e)
{
	if (end_is_polled(e))
		return;
	e->stream.ready = poll_socket(e) & (POLLIN | POLLOUT);
	if (e->make == MEMBER && e->sink == SINK_GONE)
		e->stream.ready |= POLLERR | POLLHUP;
}

void
end_die(struct end *e, int error)
{
	e->error = error;
	e->has_ended = e->is_hung_up = e->is_dead = true;
	e->sink = SINK_GONE;
	e->delivered -= e->stuck;
	e->dropped += e->stuck;
	e->stuck = 0;
	e->dies_at = LOOP_NEVER;
	e->moves++;
	end_update(e);
}

void
end_advance(struct end *e)
{
	e->looks = 0;
	if (*e->now >= e->dies_at)
		end_die(e, EPIPE);
}

static int
take_error(struct end *e)
{
	int error = e->error;

	e->error = 0;
	if (error != 0)
		e->moves++;
	e->is_death_seen |= error != 0 && e->is_dead;
	return error;
}

static ssize_t
fail(int error, ssize_t code)
{
	errno = error;
	return code;
}

static ssize_t
read_bytes(struct end *e, uint8_t *bytes, size_t length)
{
	if (e->stream.reads_messages && length > MESSAGE)
		length = MESSAGE;
	if (length > e->available)
		length = e->available;
	memset(bytes, 'x', length);
	bytes[length - 1] = '\n';
	if (e->is_large)
		bytes[0] = 'L';
	e->is_large = false;
	e->available -= length;
	if (!*e->is_let_go)
		e->read += length;
	e->moves++;
	end_update(e);
	return (ssize_t)length;
}

static ssize_t
end_read(struct stream *s, void *bytes, size_t length)
{
	struct end *e = end_of(s);

	/* Of a datagram socket the error comes first, of others the bytes. */
	if (e->error != 0 && (e->available == 0 || s->is_connectionless))
		return fail(take_error(e), STREAM_ERROR);
	if (e->refusals > 0) {
		e->refusals--;
		return fail(ENOBUFS, STREAM_LATER);
	}
	if (e->available > 0)
		return read_bytes(e, bytes, length);
	if (e->failure != 0) {
		e->moves += !e->is_failure_read;
		e->is_failure_read = true;
		return fail(e->failure, STREAM_ERROR);
	}
	if (!e->has_ended)
		return STREAM_WANT_READ;
	e->moves += !e->is_end_read;
	e->is_end_read = true;
	s->is_input_over |= !s->kind->is_connection && end_is_polled(e);
	return STREAM_EOF;
}

static void
take(struct end *e, size_t length)
{
	e->written += length;
	e->moves++;
	if (e->sink != SINK_VOID) {
		e->delivered += length;
		e->acked_at = *e->now + e->delay;
		return;
	}
	e->dropped += length;
	if (!end_is_tcp(e))
		return;
	if (e->dies_at == LOOP_NEVER)
		e->dies_at = *e->now + e->delay;
	if (e->dies_at <= *e->now)
		end_die(e, EPIPE);
}

static ssize_t
end_write(struct stream *s, const void *bytes, size_t length)
{
	struct end *e = end_of(s);

	if (e->error != 0)
		return fail(take_error(e), STREAM_ERROR);
	if (s->writes_messages && length > 0 && *(const char *)bytes == 'L')
		return fail(EMSGSIZE, STREAM_ERROR);
	if (e->sink == SINK_SHORT && e->refusals == 0)
		e->sink = SINK_TAKES;
	switch (e->sink) {
	case SINK_TAKES:
	case SINK_VOID:
		if (s->out != -1 || e->make == MEMBER)
			take(e, length);
		else
			e->delivered += length;
		return (ssize_t)length;
	case SINK_FULL:
		return STREAM_WANT_WRITE;
	case SINK_SHORT:
		e->refusals--;
		return fail(ENOBUFS, STREAM_LATER);
	case SINK_BROKEN:
		return fail(EIO, STREAM_ERROR);
	case SINK_GONE:
		break;
	}
	e->is_death_seen = true;
	return fail(EPIPE, STREAM_ERROR);
}

static int
end_shut(struct stream *s)
{
	struct end *e = end_of(s);

	e->moves += !e->is_shut;
	e->is_shut = true;
	e->aborts = false;
	if (e->make == COMMAND)
		s->out = -1;
	return 0;
}

static int
end_error(struct stream *s)
{
	struct end *e = end_of(s);
	int error = take_error(e);

	e->is_death_seen |= e->sink == SINK_GONE;
	return error == 0 && e->make < TCP ? EPIPE : error;
}

static void
end_set_abort(struct stream *s, bool on)
{
	if (end_is_tcp(end_of(s)))
		end_of(s)->aborts = on;
}

/* To whoever asks again and again without a pause it says 0 in the end. */
static size_t
end_unsent(struct stream *s)
{
	struct end *e = end_of(s);
	bool is_on_its_way = *e->now < e->acked_at;

	if (!end_is_tcp(e) || e->looks++ > LOOKS_MAX)
		return 0;
	return e->stuck + e->dropped + (is_on_its_way ? 1 : 0);
}

/* A connection that is no more tells so to whoever missed the error. */
static bool
end_is_lost(struct stream *s)
{
	return end_is_tcp(end_of(s)) && end_of(s)->is_dead;
}

static int64_t
end_round_trip(struct stream *s)
{
	return end_is_tcp(end_of(s)) ? end_of(s)->delay : 0;
}

static bool
end_has_input(struct stream *s)
{
	return end_of(s)->available > 0;
}

/* A member forgets what is queued for a client that has gone. */
static void
end_give_up(struct stream *s)
{
	struct end *e = end_of(s);

	if (e->make == MEMBER)
		e->available = 0;
	end_update(e);
}

/* The end outlives its stream, to be looked at. */
static void
end_free(struct stream *s)
{
	struct end *e = end_of(s);

	e->is_freed = true;
	e->was_reset = end_is_tcp(e) && (e->aborts || s->is_reset);
	if (e->was_reset)
		e->delivered -= e->stuck;
}

/* What every end can do, behind the traits of its kind. */
#define END_KIND(...)                                                       \
	{                                                                   \
		__VA_ARGS__,                                                \
		    .read = end_read, .write = end_write, .shut = end_shut, \
		    .error = end_error, .set_abort = end_set_abort,         \
		    .unsent = end_unsent, .round_trip = end_round_trip,     \
		    .is_lost = end_is_lost, .has_input = end_has_input,     \
		    .give_up = end_give_up, .free = end_free                \
	}

static const struct stream_kind end_kind = END_KIND(.is_connection = false);
static const struct stream_kind connection_kind =
    END_KIND(.is_connection = true);
static const struct stream_kind member_kind = END_KIND(.is_unpolled = true);
static const struct stream_kind peer_kind =
    END_KIND(.is_unpolled = true, .shares_socket = true);

static const struct stream_kind *
kind_of(enum make make)
{
	switch (make) {
	case TCP:
	case UNIX:
		return &connection_kind;
	case MEMBER:
		return &member_kind;
	case PEER:
		return &peer_kind;
	default:
		return &end_kind;
	}
}

/* Descriptors that nobody opens: end_poll() answers for poll(2). */
static void
set_descriptors(struct end *e, int fd)
{
	bool has_two = e->make <= COMMAND;

	e->stream.in = e->make == MUTE || !end_is_polled(e) ? -1 : fd;
	e->stream.out =
	    e->make == MEMBER || e->make == INPUT ? -1 : fd + has_two;
}

void
end_init(struct end *e, enum make make, const char *name, int fd,
    const int64_t *now, int64_t delay)
{
	struct stream *s = &e->stream;
	bool is_message = make == SEQPACKET || make == UDP || make == PEER;

	*e = (struct end){ .make = make, .now = now, .delay = delay };
	e->dies_at = LOOP_NEVER;
	s->kind = kind_of(make);
	set_descriptors(e, fd);
	s->is_terminal = make == TERMINAL;
	s->is_mute = make == MUTE;
	s->drains_source = make == COMMAND || make == PTY;
	s->is_connectionless = make == UDP || make == PEER;
	s->reads_messages = s->writes_messages = is_message;
	s->message_size = is_message ? MESSAGE : SIZE_MAX;
	s->message_max = MESSAGE;
	strlcpy(s->source, name, sizeof(s->source));
	strlcpy(s->sink, name, sizeof(s->sink));
	end_update(e);
}
