/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The operations of such an end.
 */
#include "ends.h"

#include <errno.h>
#include <string.h>

#include "base/loop.h"

enum { LOOKS_MAX = 3 };

static struct end *
end_of(struct stream *s)
{
	return (struct end *)s;
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
	if (!end_is_tcp(e) || e->is_silent)
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
		if (s->out != -1 || e->kind == MEMBER)
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
	if (e->kind == COMMAND)
		s->out = -1;
	return 0;
}

static int
end_error(struct stream *s)
{
	struct end *e = end_of(s);
	int error = take_error(e);

	e->is_death_seen |= e->sink == SINK_GONE;
	return error == 0 && e->kind < TCP ? EPIPE : error;
}

static void
end_set_abort(struct stream *s, bool on)
{
	if (end_is_tcp(end_of(s)))
		end_of(s)->aborts = on;
}

/*
 * linger_briefly() asks until all is acknowledged, by a clock of its own: it
 * is told so after a few times.
 */
static size_t
end_unsent(struct stream *s)
{
	struct end *e = end_of(s);
	bool is_on_its_way = *e->now < e->acked_at;

	if (!end_is_tcp(e) || e->looks++ > LOOKS_MAX)
		return 0;
	return e->stuck + e->dropped + (is_on_its_way ? 1 : 0);
}

/* A dead connection says so also when its error has been read already. */
static bool
end_is_lost(struct stream *s)
{
	const struct end *e = end_of(s);

	if (!end_is_tcp(e) || !(e->is_dead || e->is_silent))
		return false;
	errno = e->is_dead ? ECONNRESET : ETIMEDOUT;
	return true;
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

	if (e->kind == MEMBER)
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

/* What every end can do, behind what is particular to its kind. */
#define END_KIND(...)                                                       \
	{                                                                   \
		__VA_ARGS__,                                                \
		    .read = end_read, .write = end_write, .shut = end_shut, \
		    .error = end_error, .set_abort = end_set_abort,         \
		    .unsent = end_unsent, .round_trip = end_round_trip,     \
		    .is_lost = end_is_lost, .has_input = end_has_input,     \
		    .give_up = end_give_up, .free = end_free                \
	}

static const struct stream_kind plain = END_KIND(.is_connection = false);
static const struct stream_kind connection = END_KIND(.is_connection = true);
static const struct stream_kind member = END_KIND(.is_unpolled = true);
static const struct stream_kind peer =
    END_KIND(.is_unpolled = true, .shares_socket = true);

const struct stream_kind *
end_stream_kind(enum end_kind kind)
{
	switch (kind) {
	case TCP:
	case UNIX:
		return &connection;
	case MEMBER:
		return &member;
	case PEER:
		return &peer;
	default:
		return &plain;
	}
}
