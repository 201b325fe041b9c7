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
#include "observe/log.h"
#include "relay/quiet.h"
#include "stream/stream.h"

/* After which a shortage is taken for a failure. */
enum { SHORTAGE_MS = 10000 };

static const char *
state_name(enum flow_state state)
{
	static const char *const names[] = { "open", "drain", "written",
		"shut" };

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
	if (splice == NULL || f->options.choice == STRATEGY_COPY)
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
	/* Until everything is written, our death must not look like an end. */
	if (!from->is_mute)
		stream_set_abort(to, true);
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
	return f->state == FLOW_OPEN && f->coalesce_until == 0 &&
	    !f->is_short && f->strategy->can_read(f);
}

void
flow_want(struct flow *f, struct poll_set *set)
{
	f->from_slot = f->to_slot = -1;
	if (f->from->in != -1 && may_fill(f))
		f->from_slot = poll_set_add(set, f->from->in, POLLIN);
	/* Without POLLOUT, poll(2) still tells that the sink is gone. */
	if (f->state != FLOW_SHUT && f->to->out != -1 &&
	    (f->is_blocked || !f->to->kind->shares_socket))
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
	if (f->is_short)
		return f->shortage.until;
	if (f->state == FLOW_WRITTEN && f->options.quiet != NULL)
		return quiet_deadline(f->options.quiet);
	if (f->is_blocked)
		return LOOP_NEVER;
	sooner(&deadline, f->paused_until);
	sooner(&deadline, f->coalesce_until);
	sooner(&deadline, f->splice.rush_until);
	return deadline;
}

/*
 * What was cut off must not look whole to its reader: a source that failed
 * is a reset, behind what came before.
 */
static void
shut_sink(struct flow *f)
{
	if (f->failure == FLOW_SOURCE_FAILED && f->to->kind->is_connection) {
		f->to->is_reset = true;
	} else if (!f->options.no_shutdown && !f->to->is_reset &&
	    stream_shut(f->to) == STREAM_ERROR) {
		f->failure = FLOW_SINK_FAILED;
		f->error = errno;
	}
	flow_set_state(f, FLOW_SHUT);
}

/* Whether the end may follow the last bytes. */
static bool
may_shut(struct flow *f, int64_t now)
{
	struct quiet *quiet = f->options.quiet;

	if (quiet == NULL || f->failure != FLOW_OK)
		return true;
	if (!quiet_is_over(quiet, f->to, now))
		return false;
	log_line(LOG_EVENTS,
	    "Shutting our side: %s has been quiet for %" PRId64
	    " ms (--shutdown-after)",
	    f->to->sink, quiet->look_at - quiet->since);
	return true;
}

/* From here on the kernel delivers what was written, whatever becomes of us. */
static void
settle(struct flow *f)
{
	struct quiet *quiet = f->options.quiet;

	assert(buffer_used(&f->buffer) == 0);
	clear_strategy(f);
	if (f->failure == FLOW_OK)
		stream_set_abort(f->to, false);
	/* Without a question there is no answer to wait for. */
	if (quiet != NULL && f->bytes_in == 0 && !quiet->is_exact)
		f->options.quiet = NULL;
	if (f->options.quiet == NULL || f->failure != FLOW_OK)
		shut_sink(f);
	else
		flow_set_state(f, FLOW_WRITTEN);
}

/* Passes the end on once nothing is held.  A sink that is gone cannot be. */
static void
pass_end(struct flow *f, int64_t now)
{
	if (f->state == FLOW_DRAIN && !flow_has_data(f) && !f->owes_null)
		settle(f);
	else if (f->state == FLOW_WRITTEN && may_shut(f, now))
		shut_sink(f);
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

/* What such a connection has brought is still there, and then it ends. */
static bool
is_dead(int error)
{
	return flow_is_reset(error) || error == ETIMEDOUT ||
	    error == EHOSTUNREACH || error == ENETUNREACH;
}

void
flow_fail_source(struct flow *f, int error)
{
	if (f->state == FLOW_SHUT || f->failure != FLOW_OK)
		return;
	f->failure = FLOW_SOURCE_FAILED;
	f->error = error;
	if (f->state == FLOW_OPEN && !is_dead(error))
		flow_set_state(f, FLOW_DRAIN);
	if (f->state == FLOW_WRITTEN)
		shut_sink(f);
	else
		pass_end(f, f->now);
}

static void
complain(struct flow *f, const struct stream *about, const char *name,
    int error, size_t length)
{
	error_filter_add(f->options.complaints, about, name, error, length);
}

/* A reset of a multipath connection may read as ENOTCONN. */
bool
flow_is_reset(int error)
{
	return error == ECONNRESET || error == EPIPE || error == ENOTCONN;
}

/*
 * The system is short of something: a pause, and all goes on.  Returns false
 * if it has been so for too long.  EAGAIN is no shortage, but a queue that is
 * full, and may stay so.
 */
static bool
rest_after(struct flow *f, const char *what)
{
	int64_t now = f->now;
	int error = errno;

	if (error != EAGAIN) {
		if (f->short_since == 0)
			f->short_since = now;
		if (now - f->short_since >= SHORTAGE_MS)
			return false;
	}
	f->is_short = true;
	if (backoff_fail(&f->shortage, now) && error != EAGAIN)
		log_error("%s: %s, trying again", what, strerror(error));
	errno = error;
	return true;
}

void
flow_sink_refused(struct flow *f, int64_t code)
{
	if (code == STREAM_LATER && rest_after(f, f->to->sink))
		return;
	if (code == STREAM_ERROR || code == STREAM_LATER)
		flow_abandon(f, errno);
	else
		f->is_blocked = true;
}

void
flow_source_ended(struct flow *f, int64_t code)
{
	if (code == STREAM_LATER && rest_after(f, f->from->source))
		return;
	if (code == STREAM_LATER)
		code = STREAM_ERROR;
	if (code == STREAM_ERROR && f->from->is_connectionless &&
	    stream_is_news(errno)) {
		complain(f, f->from, f->from->source, errno, 0);
		return;
	}
	if (code == STREAM_ERROR) {
		f->error = errno;
		if (!f->options.tolerate_abort || !flow_is_reset(errno))
			f->failure = FLOW_SOURCE_FAILED;
	}
	if (code == STREAM_ERROR || code == STREAM_EOF)
		flow_set_state(f, FLOW_DRAIN);
}

bool
flow_survives(struct flow *f, size_t length)
{
	int error = errno;

	if (f->to->is_connectionless ||
	    (f->to->writes_messages && error == EMSGSIZE)) {
		complain(f, f->to, f->to->sink, error, length);
		return true;
	}
	flow_abandon(f, error);
	return false;
}

static void
end_shortage(struct flow *f)
{
	backoff_succeed(&f->shortage);
	f->short_since = 0;
}

void
flow_count_read(struct flow *f, size_t length)
{
	f->has_moved = true;
	f->bytes_in += length;
	f->reads++;
	end_shortage(f);
	if (f->from->is_connectionless)
		error_filter_heard(f->options.complaints, f->from);
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
	end_shortage(f);
	if (log_enabled(LOG_CALLS))
		log_line(LOG_CALLS, "%s: wrote %zu", f->name, length);
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
			complain(f, f->to, f->to->sink, error, 0);
		return;
	}
	f->is_hangup = error == 0;
	flow_abandon(f, error != 0 ? error : EPIPE);
}

void
flow_step(struct flow *f, const struct poll_set *set, int64_t now)
{
	short events = poll_set_events(set, f->to_slot) | f->to->ready;
	short input = poll_set_events(set, f->from_slot) | f->from->ready;

	if (f->state == FLOW_SHUT)
		return;
	f->now = now;
	check_sink(f, events);
	if (f->is_short && f->shortage.until <= now)
		f->is_short = false;
	/* The other flow may wait for the same socket to become writable. */
	if ((input & ~POLLOUT) != 0 && may_fill(f))
		f->strategy->fill(f, now);
	if (events & POLLOUT)
		f->is_blocked = false;
	if (f->paused_until <= now)
		f->paused_until = 0;
	if (f->coalesce_until <= now)
		f->coalesce_until = 0;
	if (f->state < FLOW_WRITTEN && !f->is_blocked && !f->is_short)
		f->strategy->drain(f, now);
	pass_end(f, now);
}

void
flow_finish(struct flow *f, int64_t now)
{
	if (f->state == FLOW_OPEN)
		flow_set_state(f, FLOW_DRAIN);
	pass_end(f, now);
}

void
flow_hurry(struct flow *f, size_t length)
{
	int64_t now = loop_now();
	uint64_t least = f->bytes_in, moved;

	f->options.quiet = NULL;
	f->is_blocked = f->is_short = false;
	f->paused_until = f->coalesce_until = 0;
	do {
		moved = f->bytes_in + f->bytes_out;
		if (may_fill(f))
			f->strategy->fill(f, now);
		if (f->state < FLOW_WRITTEN)
			f->strategy->drain(f, now);
		pass_end(f, now);
	} while (f->state < FLOW_WRITTEN && f->bytes_in - least < length &&
	    f->bytes_in + f->bytes_out != moved);
}
