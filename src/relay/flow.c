/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The life of a flow: open, drain, shut; and what its strategies share.
 */
#include "relay/flow.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "net/stream.h"
#include "observe/log.h"

static const char *
state_name(enum flow_state state)
{
	static const char *const names[] = { "open", "drain", "shut" };

	return names[state];
}

void
flow_set_state(struct flow *f, enum flow_state state)
{
	if (f->state == state)
		return;
	log_line(LOG_STATES, "%s: %s -> %s", f->name, state_name(f->state),
	    state_name(state));
	f->state = state;
	f->has_moved = true;
}

static const struct strategy *
choose_strategy(const struct flow *f)
{
	const struct strategy *splice = splice_strategy_for(f);

	if (f->from->reads_messages || f->to->writes_messages)
		return &packet_strategy;
	if (splice == NULL || f->options.choice == FLOW_COPY)
		return &copy_strategy;
	return splice;
}

void
flow_init(struct flow *f, const char *name, struct stream *from,
    struct stream *to, const struct flow_options *options)
{
	*f = (struct flow){
		.name = name,
		.from = from,
		.to = to,
		.options = *options,
		.from_slot = -1,
		.to_slot = -1,
	};
	f->strategy = choose_strategy(f);
	f->owes_null = options->null_eof && to->is_connectionless;
	log_line(LOG_STATES, "%s: %s to %s (%s)", name, from->source, to->sink,
	    f->strategy->name);
}

static void
clear_strategy(struct flow *f)
{
	if (f->strategy->clear != NULL)
		f->strategy->clear(f);
}

void
flow_clear(struct flow *f)
{
	clear_strategy(f);
	buffer_clear(&f->buffer);
	buffer_clear(&f->scratch);
}

bool
flow_has_data(const struct flow *f)
{
	return f->strategy->has_data(f);
}

static bool
may_fill(const struct flow *f)
{
	return f->state == FLOW_OPEN && f->resting_until == 0 &&
	    f->strategy->has_room(f);
}

void
flow_want(struct flow *f, struct poll_set *set)
{
	f->from_slot = f->to_slot = -1;
	if (f->from->in != -1 && may_fill(f))
		f->from_slot = poll_set_add(set, f->from->in, POLLIN);
	/* Without POLLOUT, poll(2) still tells that the sink is gone. */
	if (f->state != FLOW_SHUT && f->to->out != -1 &&
	    (f->is_blocked || !f->to->shares_socket))
		f->to_slot =
		    poll_set_add(set, f->to->out, f->is_blocked ? POLLOUT : 0);
}

void
flow_trim(struct flow *f)
{
	if (f->buffer.data == NULL || flow_has_data(f))
		return;
	buffer_clear(&f->buffer);
	buffer_clear(&f->scratch);
	free(f->messages);
	f->messages = NULL;
}

/* Of two moments the earlier, where 0 is none. */
static void
sooner(int64_t *deadline, int64_t moment)
{
	if (moment != 0 && moment < *deadline)
		*deadline = moment;
}

int64_t
flow_deadline(const struct flow *f)
{
	int64_t deadline = LOOP_NEVER;

	if (f->state == FLOW_SHUT)
		return LOOP_NEVER;
	/* What poll(2) cannot tell is dealt with at once. */
	if ((f->from->ready & POLLIN && may_fill(f)) ||
	    f->to->ready & (f->is_blocked ? POLLOUT | POLLERR : POLLERR))
		return 0;
	if (f->is_blocked)
		return LOOP_NEVER;
	sooner(&deadline, f->paused_until);
	sooner(&deadline, f->resting_until);
	sooner(&deadline, f->splice.rush_until);
	return deadline;
}

/* Passes the end on once nothing is held.  A sink that is gone cannot be. */
static void
pass_end(struct flow *f)
{
	if (f->state != FLOW_DRAIN || flow_has_data(f) || f->owes_null)
		return;
	assert(buffer_used(&f->buffer) == 0);
	clear_strategy(f);
	/* What was cut off must not look whole to whoever gets it. */
	if (f->failure == FLOW_SOURCE_FAILED && f->from->is_connection &&
	    f->to->is_connection) {
		f->to->is_reset = true;
	} else if (!f->options.no_shutdown && stream_shut(f->to) == -1) {
		f->failure = FLOW_SINK_FAILED;
		f->error = errno;
	}
	flow_set_state(f, FLOW_SHUT);
}

void
flow_abandon(struct flow *f, int error)
{
	f->failure = FLOW_SINK_FAILED;
	f->error = error;
	f->lost = buffer_used(&f->buffer) + f->splice.held;
	f->owes_null = f->is_blocked = false;
	buffer_clear(&f->buffer);
	clear_strategy(f);
	flow_set_state(f, FLOW_SHUT);
}

static void
complain(struct flow *f, const char *what, int error, size_t length)
{
	struct complaints *c = f->options.complaints;

	/* After a refusal, unix(7) has untied the socket from its peer. */
	if (error == ENOTCONN)
		error = ECONNREFUSED;
	c->are_any = true;
	if (c->last == error)
		return;
	c->last = error;
	if (error == EMSGSIZE && length > 0)
		log_error("%s: datagram of %zu bytes: %s", what, length,
		    strerror(error));
	else
		log_error("%s: %s", what, strerror(error));
}

void
flow_source_ended(struct flow *f, int64_t code)
{
	if (code == STREAM_ERROR && f->from->is_connectionless &&
	    stream_is_news(errno)) {
		complain(f, f->from->source, errno, 0);
	} else if (code == STREAM_ERROR) {
		f->failure = FLOW_SOURCE_FAILED;
		f->error = errno;
		flow_set_state(f, FLOW_DRAIN);
	} else if (code == STREAM_EOF) {
		flow_set_state(f, FLOW_DRAIN);
	}
}

bool
flow_survives(struct flow *f, size_t length)
{
	int error = errno;

	if (f->to->is_connectionless ||
	    (f->to->writes_messages && error == EMSGSIZE)) {
		complain(f, f->to->sink, error, length);
		return true;
	}
	flow_abandon(f, error);
	return false;
}

void
flow_count_read(struct flow *f, size_t length)
{
	f->has_moved = true;
	f->bytes_in += length;
	f->reads++;
	if (f->from->is_connectionless)
		f->options.complaints->last = 0;
	if (log_enabled(LOG_CALLS))
		log_line(LOG_CALLS, "%s: read %zu", f->name, length);
	if (f->options.read_limit != 0 && f->reads >= f->options.read_limit)
		flow_set_state(f, FLOW_DRAIN);
}

void
flow_count_written(struct flow *f, size_t length)
{
	f->has_moved = true;
	f->bytes_out += length;
	f->from->passed_on += length;
	if (log_enabled(LOG_CALLS))
		log_line(LOG_CALLS, "%s: wrote %zu", f->name, length);
}

/* Answers queue behind what is held; a flood of them is not kept. */
static void
answer(struct flow *f, const uint8_t *answers, size_t length)
{
	enum { ANSWERS_MOST = 128 * 1024 };

	if (length == 0 || f->state == FLOW_SHUT ||
	    buffer_used(&f->buffer) > ANSWERS_MOST)
		return;
	if (buffer_append(&f->buffer, answers, length) == -1)
		log_error("%s: %s", f->name, strerror(errno));
}

/*
 * Through the filters: what is read goes to a second place first.  Each of
 * the two filters on the way out may double it.
 */
static int64_t
read_filtered(struct flow *f, size_t length)
{
	enum { FILTERED_READ = 16 * 1024 };
	const struct flow_options *o = &f->options;
	uint8_t *raw, *middle, *out;
	ssize_t n;
	size_t used, answers;

	if (length > FILTERED_READ && !f->from->reads_messages)
		length = FILTERED_READ;
	raw = buffer_reserve(&f->scratch, 3 * length + 3);
	out = buffer_reserve(&f->buffer, 4 * length);
	if (raw == NULL || out == NULL)
		return STREAM_ERROR;
	middle = raw + length;
	n = stream_read(f->from, raw, length);
	if (n < 0)
		return n;
	used = (size_t)n;
	if (o->answers != NULL) {
		telnet_decode(
		    &f->telnet, raw, used, out, &used, middle, &answers);
		answer(o->answers, middle, answers);
	} else if (o->crlf && o->telnet_encode) {
		used = crlf_encode(&f->crlf, raw, used, middle);
		used = telnet_encode(middle, used, out);
	} else if (o->crlf) {
		used = crlf_encode(&f->crlf, raw, used, out);
	} else {
		used = telnet_encode(raw, used, out);
	}
	buffer_commit(&f->buffer, used);
	return n;
}

bool
flow_is_filtered(const struct flow *f)
{
	const struct flow_options *o = &f->options;

	return o->answers != NULL || o->crlf || o->telnet_encode;
}

int64_t
flow_read(struct flow *f, size_t length)
{
	uint8_t *room;
	ssize_t n;

	if (flow_is_filtered(f))
		return read_filtered(f, length);
	room = buffer_reserve(&f->buffer, length);
	if (room == NULL)
		return STREAM_ERROR;
	n = stream_read(f->from, room, length);
	if (n > 0)
		buffer_commit(&f->buffer, (size_t)n);
	return n;
}

size_t
flow_line_length(const struct flow *f, const uint8_t *bytes, size_t length)
{
	const uint8_t *newline;

	if (f->options.line_delay == 0 || length == 0)
		return length;
	newline = memchr(bytes, '\n', length);
	return newline == NULL ? length : (size_t)(newline - bytes) + 1;
}

void
flow_pause(struct flow *f, int64_t now)
{
	if (f->options.line_delay != 0)
		f->paused_until = loop_after(now, f->options.line_delay);
}

/*
 * poll(2) told of an error on the sink.  For datagrams it is news of one of
 * them; otherwise nothing can be written any more.
 */
static void
check_sink(struct flow *f, short events)
{
	int error;

	if (!(events & (POLLERR | POLLHUP | POLLNVAL)))
		return;
	error = stream_error(f->to);
	if (f->to->is_connectionless) {
		if (error != 0)
			complain(f, f->to->sink, error, 0);
		return;
	}
	flow_abandon(f, error != 0 ? error : EPIPE);
}

void
flow_step(struct flow *f, const struct poll_set *set, int64_t now)
{
	short events = poll_set_events(set, f->to_slot) | f->to->ready;
	short input = poll_set_events(set, f->from_slot) | f->from->ready;

	if (f->state == FLOW_SHUT)
		return;
	check_sink(f, events);
	/* The other flow may wait for the same socket to become writable. */
	if ((input & ~POLLOUT) != 0 && may_fill(f))
		f->strategy->fill(f, now);
	if (events & POLLOUT)
		f->is_blocked = false;
	if (f->paused_until <= now)
		f->paused_until = 0;
	if (f->resting_until <= now)
		f->resting_until = 0;
	if (f->state != FLOW_SHUT && !f->is_blocked)
		f->strategy->drain(f, now);
	pass_end(f);
}

void
flow_finish(struct flow *f)
{
	if (f->state == FLOW_OPEN)
		flow_set_state(f, FLOW_DRAIN);
	pass_end(f);
}
