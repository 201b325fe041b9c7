/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "relay/flow_end.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>

#include "base/loop.h"
#include "observe/event.h"
#include "observe/retry.h"
#include "relay/error_filter.h"
#include "relay/quiet.h"
#include "relay/strategy.h"
#include "stream/stream.h"

/* After which a shortage is taken for a failure. */
enum { SHORTAGE_MS = 10000 };

void
flow_clear_strategy(struct flow *f)
{
	if (f->strategy->clear != NULL)
		f->strategy->clear(f);
}

void
flow_abandon(struct flow *f, int error)
{
	f->failure = FLOW_SINK_FAILED;
	f->error = error;
	f->lost = buffer_used(&f->buffer);
	if (f->strategy->held != NULL)
		f->lost += f->strategy->held(f);
	f->is_blocked = false;
	buffer_clear(&f->buffer);
	flow_clear_strategy(f);
	flow_set_state(f, FLOW_SHUT);
}

static void
complain(struct flow *f, const struct stream *about, const char *name,
    int error, size_t length)
{
	error_filter_add(f->options.error_filter, about, name, error, length);
}

/*
 * The system is short of something: the call is retried after a pause.  Returns
 * false if that has lasted too long.  EAGAIN is no shortage, but a full queue,
 * which may stay full.
 */
static bool
wait_for_system(struct flow *f, const char *what, int error)
{
	if (error != EAGAIN) {
		if (f->short_since == 0)
			f->short_since = f->now;
		if (f->now - f->short_since >= SHORTAGE_MS)
			return false;
	}
	f->is_short = true;
	retry_later(&f->shortage, what, error, f->now);
	return true;
}

/* Whether only one message is lost. */
static bool
is_one_message(const struct flow *f, int error)
{
	return f->to->is_connectionless ||
	    (f->to->writes_messages && error == EMSGSIZE);
}

void
flow_sink_refused(struct flow *f, int code, int error, size_t length)
{
	if (code == STREAM_LATER && wait_for_system(f, f->to->sink, error))
		return;
	if (code == STREAM_WANT_READ || code == STREAM_WANT_WRITE) {
		f->is_blocked = true;
		f->write_wants_read = code == STREAM_WANT_READ;
	} else if (code == STREAM_ERROR && is_one_message(f, error)) {
		complain(f, f->to, f->to->sink, error, length);
	} else {
		flow_abandon(f, error);
	}
}

/*
 * With --null-eof an empty datagram is the end.  Returns 0, or a stream's code
 * and errno.
 */
static int
tell_end(struct flow *f)
{
	if (f->owes_null) {
		ssize_t n = stream_write(f->to, "", 0);

		if (n < 0 && n != STREAM_ERROR)
			return (int)n;
		f->owes_null = false;
	}
	if (f->options.no_shutdown || f->to->is_reset)
		return 0;
	return stream_shut(f->to);
}

/*
 * Incomplete data must not look complete to its reader: when a source has
 * failed, the sink is reset behind what came before.
 */
static void
shut_sink(struct flow *f)
{
	int code = 0, error;

	if (f->failure == FLOW_SOURCE_FAILED && f->to->kind->is_connection)
		f->to->is_reset = true;
	else
		code = tell_end(f);
	error = errno;
	f->is_shutting = code != 0;
	if (code == 0) {
		flow_set_state(f, FLOW_SHUT);
	} else if (code == STREAM_ERROR) {
		flow_abandon(f, error);
	} else {
		flow_set_state(f, FLOW_WRITTEN);
		flow_sink_refused(f, code, error, 0);
	}
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
	event_say(EVENT_ANSWER_AWAITED, .peer = stream_sink(f->to),
	    .milliseconds = (uint64_t)(quiet->look_at - quiet->since));
	return true;
}

/* From here on the kernel delivers what was written, even if we are killed. */
static void
settle(struct flow *f)
{
	struct quiet *quiet = f->options.quiet;

	assert(buffer_used(&f->buffer) == 0);
	f->is_blocked = false;
	flow_clear_strategy(f);
	if (f->failure == FLOW_OK)
		stream_set_abort(f->to, false);
	/* If nothing was sent, there is no answer to wait for. */
	if (quiet != NULL && f->bytes_in == 0 && !quiet->is_exact)
		f->options.quiet = NULL;
	if (f->options.quiet == NULL || f->failure != FLOW_OK)
		shut_sink(f);
	else
		flow_set_state(f, FLOW_WRITTEN);
}

void
flow_pass_end(struct flow *f, int64_t now)
{
	if (f->state == FLOW_DRAIN && !flow_has_data(f))
		settle(f);
	else if (f->state == FLOW_WRITTEN &&
	    (f->is_shutting ? !f->is_blocked && !f->is_short
			    : may_shut(f, now)))
		shut_sink(f);
}

/* What the connection delivered before can still be read; then it ends. */
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
		flow_pass_end(f, f->now);
}

/* A reset of a multipath connection may read as ENOTCONN. */
bool
flow_is_reset(int error)
{
	return error == ECONNRESET || error == EPIPE || error == ENOTCONN;
}

static void
source_failed(struct flow *f, int error)
{
	if (f->from->is_connectionless && stream_is_news(error)) {
		complain(f, f->from, f->from->source, error, 0);
		return;
	}
	f->error = error;
	if (!f->options.tolerate_abort || !flow_is_reset(error))
		f->failure = FLOW_SOURCE_FAILED;
	flow_set_state(f, FLOW_DRAIN);
}

void
flow_source_ended(struct flow *f, int code, int error)
{
	if (code == STREAM_LATER && wait_for_system(f, f->from->source, error))
		return;
	if (code == STREAM_EOF)
		flow_set_state(f, FLOW_DRAIN);
	else if (code == STREAM_ERROR || code == STREAM_LATER)
		source_failed(f, error);
}

/*
 * An error of a datagram sink is about one datagram; otherwise nothing can be
 * written any more.
 */
void
flow_check_sink(struct flow *f, short events)
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
