/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Standard input and output of a hub.  Input is one more sender, which sends
 * nothing until there is a member, and whose end or failure ends nobody else.
 * A star whose output fails is of no use any more; a mesh has no output.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "hub/hub_impl.h"
#include "observe/event.h"
#include "observe/retry.h"

enum { INPUT_READ = 64 * 1024 };

static void
output_fail(struct hub *hub, int error)
{
	if (hub->output.is_failed)
		return;
	hub->output.is_failed = true;
	hub->options.failed(
	    hub->options.context, hub->options.stdio->sink, error);
}

static bool
wants_input(const struct hub *hub)
{
	if (hub->options.stdio->in == -1 || hub->input.is_over ||
	    hub->is_finished || hub->live == 0)
		return false;
	/* While it waits for its turn, what stands ready is no news. */
	if (hub->input.member.is_waiting)
		return false;
	return hub->options.kind != HUB_STAR || hub->full == 0;
}

void
hubio_want(struct hub *hub, struct poll_set *set)
{
	const struct stream *stdio = hub->options.stdio;

	hub->input.slot = hub->output.slot = -1;
	if (hub->output.is_failed)
		return;
	if (wants_input(hub) && hub->input.backoff.pause == 0)
		hub->input.slot = poll_set_add(set, stdio->in, POLLIN);
	if (hub->options.kind == HUB_STAR && stdio->out != -1)
		hub->output.slot = poll_set_add(
		    set, stdio->out, hub->output.is_blocked ? POLLOUT : 0);
}

static int64_t
output_deadline(const struct hub_output *out)
{
	if (out->is_blocked || outqueue_used(&out->queue) == 0)
		return LOOP_NEVER;
	return out->backoff.pause > 0 ? backoff_deadline(&out->backoff) : 0;
}

int64_t
hubio_deadline(const struct hub *hub)
{
	int64_t deadline = output_deadline(&hub->output);

	if (wants_input(hub))
		deadline = loop_earlier(
		    deadline, backoff_deadline(&hub->input.backoff));
	return deadline;
}

/*
 * A message that is too long is no reason to lose the next one.  A member that
 * is there when input fails must not take what it got for everything.
 */
static void
input_fail(struct hub *hub, int error)
{
	const struct stream *stdio = hub->options.stdio;
	struct member *m;

	event_failed(stdio->source, error);
	hub->options.lost(hub->options.context);
	if (stdio->reads_messages && error == EMSGSIZE)
		return;
	hub->input.is_over = hub->input.is_failed = true;
	TAILQ_FOREACH (m, &hub->members, others) {
		m->is_cut = hub->options.kind == HUB_STAR;
	}
}

/* Of lines of a chat some may be left until there is space for more. */
static void
send_input(struct hub *hub)
{
	struct buffer *b = &hub->input.buffer;
	ssize_t n;

	do {
		n = stream_write(
		    &hub->input.member.stream, buffer_head(b), buffer_used(b));
		if (n > 0)
			buffer_consume(b, (size_t)n);
	} while (n > 0 && buffer_used(b) > 0);
	if (buffer_used(b) == 0)
		buffer_clear(b);
}

static void
read_input(struct hub *hub, int64_t now)
{
	struct stream *stdio = hub->options.stdio;
	struct hub_input *in = &hub->input;
	size_t size =
	    stdio->reads_messages ? stream_message_max(stdio) : INPUT_READ;
	uint8_t *space = buffer_reserve(&in->buffer, size);
	ssize_t n =
	    space == NULL ? STREAM_LATER : stream_read(stdio, space, size);

	if (n >= 0) {
		backoff_succeed(&in->backoff);
		buffer_commit(&in->buffer, (size_t)n);
		send_input(hub);
		return;
	}
	if (n == STREAM_EOF) {
		in->is_over = true;
		stream_shut(&in->member.stream);
	} else if (n == STREAM_LATER) {
		retry_later(&in->backoff, stdio->source, errno, now);
	} else if (n == STREAM_ERROR) {
		input_fail(hub, errno);
	}
	turns_leave(&in->member);
}

static void
step_input(struct hub *hub, const struct poll_set *set, int64_t now)
{
	struct hub_input *in = &hub->input;
	bool is_due = in->backoff.pause > 0 && wants_input(hub) &&
	    !backoff_is_pausing(&in->backoff, now);

	if (hub->turns.current != &in->member && !is_due &&
	    poll_set_events(set, in->slot) == 0)
		return;
	if (turns_must_wait(&in->member))
		turns_wait(&in->member);
	else if (buffer_used(&in->buffer) > 0)
		send_input(hub);
	else
		read_input(hub, now);
}

/* Whether no more is lost than a message that the output does not take. */
static bool
skips_message(struct hub *hub, size_t length)
{
	const struct stream *stdio = hub->options.stdio;

	if (!stdio->writes_messages || errno != EMSGSIZE)
		return false;
	event_say(EVENT_DATAGRAM_FAILED, .what = stdio->sink, .bytes = length,
	    .error = EMSGSIZE);
	hub->options.lost(hub->options.context);
	return true;
}

/* Returns the stream's code. */
static ssize_t
write_output(struct hub *hub, int64_t now)
{
	struct stream *stdio = hub->options.stdio;
	struct hub_output *out = &hub->output;
	size_t length;
	const uint8_t *head = outqueue_head(&out->queue, &length);
	ssize_t n = stream_write(stdio, head, length);

	if (n == STREAM_ERROR && skips_message(hub, length))
		n = (ssize_t)length;
	if (n >= 0) {
		backoff_succeed(&out->backoff);
		outqueue_consume(&out->queue, (size_t)n);
	} else if (n == STREAM_LATER) {
		retry_later(&out->backoff, stdio->sink, errno, now);
	} else if (n == STREAM_ERROR) {
		output_fail(hub, errno);
	}
	return n;
}

static void
step_output(struct hub *hub, short events, int64_t now)
{
	struct hub_output *out = &hub->output;
	ssize_t n = 0;

	if (events & POLLOUT)
		out->is_blocked = false;
	if (out->is_blocked || backoff_is_pausing(&out->backoff, now))
		return;
	while (outqueue_used(&out->queue) > 0 && n >= 0)
		n = write_output(hub, now);
	out->is_blocked = n == STREAM_WANT_WRITE;
	turns_give(hub);
}

void
hubio_step(struct hub *hub, const struct poll_set *set, int64_t now)
{
	short events = poll_set_events(set, hub->output.slot);

	if (events & (POLLERR | POLLHUP | POLLNVAL)) {
		int error = stream_error(hub->options.stdio);

		output_fail(hub, error != 0 ? error : EPIPE);
		return;
	}
	step_input(hub, set, now);
	step_output(hub, events, now);
}
