/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a flow waits for, and what it does when it steps.
 */
#include "relay/flow_step.h"

#include <poll.h>

#include "base/loop.h"
#include "observe/event.h"
#include "relay/copy.h"
#include "relay/packet.h"
#include "relay/quiet.h"
#include "relay/splice.h"
#include "stream/stream.h"

static const struct strategy *
choose_strategy(const struct flow *f)
{
	const struct strategy *splice = splice_strategy_for(f);

	if (f->from->reads_messages || f->to->writes_messages)
		return &packet_strategy;
	if (splice == NULL || f->options.choice == STRATEGY_COPY ||
	    f->options.tap != NULL)
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
		.to_in_slot = -1,
	};
	f->strategy = choose_strategy(f);
	f->owes_null = options->null_eof && to->is_connectionless;
	/*
	 * Until everything is written, being killed must not look like an end.
	 */
	if (!from->is_mute)
		stream_set_abort(to, true);
	event_say(EVENT_FLOW_BEGINS, .direction = name, .source = from->source,
	    .sink = to->sink, .strategy = f->strategy->name);
}

void
flow_clear(struct flow *f)
{
	flow_clear_strategy(f);
	buffer_clear(&f->buffer);
	buffer_clear(&f->scratch);
}

static bool
may_fill(const struct flow *f)
{
	return f->state == FLOW_OPEN && !f->is_short &&
	    f->strategy->can_read(f);
}

static int
add_descriptor(struct poll_set *set, int fd, short events)
{
	return fd == -1 ? -1 : poll_set_add(set, fd, events);
}

static int
want_source(const struct flow *f, struct poll_set *set)
{
	if (f->read_wants_write)
		return add_descriptor(set, f->from->out, POLLOUT);
	return add_descriptor(set, f->from->in, POLLIN);
}

static void
want_sink(struct flow *f, struct poll_set *set)
{
	short events = 0;

	if (f->is_blocked && f->write_wants_read)
		f->to_in_slot = add_descriptor(set, f->to->in, POLLIN);
	else if (f->is_blocked)
		events = POLLOUT;
	/* Even without POLLOUT, poll(2) reports that the sink is closed. */
	if (events != 0 || !f->to->kind->shares_socket)
		f->to_slot = add_descriptor(set, f->to->out, events);
}

void
flow_want(struct flow *f, struct poll_set *set)
{
	f->to_slot = f->to_in_slot = -1;
	f->from_slot = may_fill(f) ? want_source(f, set) : -1;
	if (f->state != FLOW_SHUT)
		want_sink(f, set);
}

/*
 * What the next read or write waits for, of what poll(2) cannot tell.  That a
 * read can bring bytes does not help a write that wants to read, nor the other
 * way round, where there is a descriptor that will tell.
 */
static short
source_mask(const struct flow *f)
{
	if (!f->read_wants_write)
		return POLLIN;
	return f->from->out == -1 ? POLLOUT : 0;
}

static short
sink_mask(const struct flow *f)
{
	if (!f->is_blocked)
		return 0;
	if (!f->write_wants_read)
		return POLLOUT;
	return f->to->in == -1 ? POLLIN : 0;
}

/* The other flow may wait for the same descriptors in the other way. */
static bool
is_source_ready(const struct flow *f, const struct poll_set *set)
{
	short other = f->read_wants_write ? POLLIN : POLLOUT;

	return (poll_set_events(set, f->from_slot) & ~other) != 0 ||
	    (f->from->ready & source_mask(f)) != 0;
}

static bool
is_sink_ready(const struct flow *f, const struct poll_set *set)
{
	short events = f->write_wants_read
	    ? poll_set_events(set, f->to_in_slot) & ~POLLOUT
	    : poll_set_events(set, f->to_slot) & POLLOUT;

	return events != 0 || (f->to->ready & sink_mask(f)) != 0;
}

void
flow_trim(struct flow *f)
{
	if (f->buffer.data == NULL || flow_has_data(f))
		return;
	buffer_clear(&f->buffer);
	buffer_clear(&f->scratch);
	if (f->strategy->trim != NULL)
		f->strategy->trim(f);
}

int64_t
flow_deadline(const struct flow *f)
{
	int64_t deadline;

	if (f->state == FLOW_SHUT)
		return LOOP_NEVER;
	/* What poll(2) cannot tell is handled at once. */
	if ((f->from->ready & source_mask(f) && may_fill(f)) ||
	    f->to->ready & (sink_mask(f) | POLLERR))
		return 0;
	if (f->is_short)
		return f->shortage.until;
	if (f->state == FLOW_WRITTEN && f->options.quiet != NULL &&
	    !f->is_shutting)
		return quiet_deadline(f->options.quiet);
	if (f->is_blocked)
		return LOOP_NEVER;
	deadline = f->paused_until != 0 ? f->paused_until : LOOP_NEVER;
	if (f->strategy->deadline != NULL)
		deadline = loop_earlier(deadline, f->strategy->deadline(f));
	return deadline;
}

static void
fall_back(struct flow *f)
{
	event_say(EVENT_FLOW_COPIES, .direction = f->name);
	flow_clear_strategy(f);
	f->strategy = &copy_strategy;
}

/* What the result of a strategy's call means to the flow. */
static void
take_result(struct flow *f, struct strategy_result result)
{
	if (result.gives_up)
		fall_back(f);
	if (result.source != 0)
		flow_source_ended(f, result.source, result.error);
	if (result.sink != 0)
		flow_sink_refused(f, result.sink, result.error, result.length);
	if (result.ends_line)
		f->paused_until = loop_after(f->now, f->options.line_delay);
}

static void
read_source(struct flow *f)
{
	struct strategy_result result = f->strategy->fill(f);

	f->read_wants_write = result.source == STREAM_WANT_WRITE;
	take_result(f, result);
	if (flow_is_limited(f) && f->state == FLOW_OPEN)
		flow_set_state(f, FLOW_DRAIN);
}

/* After a message that is lost the next one is written. */
static void
write_sink(struct flow *f)
{
	struct strategy_result result;

	do {
		result = f->strategy->drain(f);
		take_result(f, result);
	} while (result.sink == STREAM_ERROR && f->state != FLOW_SHUT);
}

void
flow_step(struct flow *f, const struct poll_set *set, int64_t now)
{
	if (f->state == FLOW_SHUT)
		return;
	f->now = now;
	flow_check_sink(f, poll_set_events(set, f->to_slot) | f->to->ready);
	if (f->is_short && f->shortage.until <= now)
		f->is_short = false;
	if (is_source_ready(f, set) && may_fill(f))
		read_source(f);
	if (f->is_blocked && is_sink_ready(f, set))
		f->is_blocked = false;
	if (f->paused_until <= now)
		f->paused_until = 0;
	if (f->state < FLOW_WRITTEN && !f->is_blocked && !f->is_short &&
	    f->paused_until == 0)
		write_sink(f);
	flow_pass_end(f, now);
}

void
flow_finish(struct flow *f, int64_t now)
{
	if (f->state == FLOW_OPEN)
		flow_set_state(f, FLOW_DRAIN);
	flow_pass_end(f, now);
}

void
flow_hurry(struct flow *f, size_t length)
{
	uint64_t before = f->bytes_in, moved;

	f->now = loop_now();
	f->options.quiet = NULL;
	f->is_blocked = f->is_short = false;
	f->paused_until = 0;
	do {
		moved = f->bytes_in + f->bytes_out;
		if (may_fill(f))
			read_source(f);
		if (f->state < FLOW_WRITTEN && f->paused_until == 0)
			write_sink(f);
		flow_pass_end(f, f->now);
	} while (f->state < FLOW_WRITTEN && f->bytes_in - before < length &&
	    f->bytes_in + f->bytes_out != moved);
}
