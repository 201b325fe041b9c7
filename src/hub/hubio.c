/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Standard input is one more sender, whose end or failure ends nobody but
 * itself, and who says nothing until somebody is there.  Where standard
 * output fails, a star has no purpose any more; a mesh leaves it alone.
 */
#include "hub/hubio.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "hub/member.h"
#include "observe/event.h"
#include "observe/retry.h"

enum { INPUT_READ = 64 * 1024 };

static void
fail(struct hub *hub, const char *what, int error)
{
	if (hub->is_failed)
		return;
	hub->is_failed = true;
	hub->options.failed(hub->options.context, what, error);
}

static bool
wants_input(const struct hub *hub)
{
	if (hub->options.stdio->in == -1 || hub->is_input_over ||
	    hub->is_finished || hub->live == 0)
		return false;
	/* While it waits for its turn, what stands ready is no news. */
	if (hub->server.is_waiting)
		return false;
	return hub->options.kind != HUB_STAR || hub->full == 0;
}

static bool
has_output(const struct hub *hub)
{
	return hub->options.kind == HUB_STAR && hub->options.stdio->out != -1;
}

void
hubio_want(struct hub *hub, struct poll_set *set)
{
	const struct stream *stdio = hub->options.stdio;

	hub->in_slot = hub->out_slot = -1;
	if (wants_input(hub) && hub->input_backoff.pause == 0)
		hub->in_slot = poll_set_add(set, stdio->in, POLLIN);
	if (has_output(hub))
		hub->out_slot = poll_set_add(
		    set, stdio->out, hub->is_blocked ? POLLOUT : 0);
}

int64_t
hubio_deadline(const struct hub *hub)
{
	int64_t deadline = LOOP_NEVER, output = 0;

	if (hub->woken == &hub->server)
		return 0;
	if (wants_input(hub))
		deadline = backoff_deadline(&hub->input_backoff);
	if (hub->is_blocked || outqueue_used(&hub->output) == 0)
		return deadline;
	if (hub->output_backoff.pause > 0)
		output = backoff_deadline(&hub->output_backoff);
	return output < deadline ? output : deadline;
}

/*
 * A message that is too long is no reason to lose the next one.  Who is there
 * when input fails must not take what it got for the whole.
 */
static void
lose_input(struct hub *hub, int error)
{
	const struct stream *stdio = hub->options.stdio;
	struct member *p;

	event_failed(stdio->source, error);
	hub->options.lost(hub->options.context);
	if (stdio->reads_messages && error == EMSGSIZE)
		return;
	hub->is_input_over = true;
	TAILQ_FOREACH (p, &hub->members, others) {
		p->is_cut = hub->options.kind == HUB_STAR;
	}
	hub->options.input_ended(hub->options.context);
}

static void
end_input(struct hub *hub)
{
	hub->is_input_over = true;
	stream_shut(&hub->server.stream);
	if (hub->options.kind == HUB_STAR)
		hub_finish(hub);
	hub->options.input_ended(hub->options.context);
}

/* Of lines of a chat some may be left until there is room for more. */
static void
pass_input(struct hub *hub)
{
	ssize_t n;

	do {
		n = stream_write(&hub->server.stream, buffer_head(&hub->input),
		    buffer_used(&hub->input));
		if (n > 0)
			buffer_consume(&hub->input, (size_t)n);
	} while (n > 0 && buffer_used(&hub->input) > 0);
	if (buffer_used(&hub->input) == 0)
		buffer_clear(&hub->input);
}

static void
read_input(struct hub *hub, int64_t now)
{
	struct stream *stdio = hub->options.stdio;
	size_t size =
	    stdio->reads_messages ? stream_message_max(stdio) : INPUT_READ;
	uint8_t *space = buffer_reserve(&hub->input, size);
	ssize_t n =
	    space == NULL ? STREAM_LATER : stream_read(stdio, space, size);

	if (n >= 0) {
		backoff_succeed(&hub->input_backoff);
		buffer_commit(&hub->input, (size_t)n);
		pass_input(hub);
		return;
	}
	if (n == STREAM_EOF)
		end_input(hub);
	else if (n == STREAM_LATER)
		retry_later(&hub->input_backoff, stdio->source, errno, now);
	else if (n == STREAM_ERROR)
		lose_input(hub, errno);
	hub_stop_waiting(&hub->server);
}

static void
step_input(struct hub *hub, const struct poll_set *set, int64_t now)
{
	bool is_due = hub->input_backoff.pause > 0 && wants_input(hub) &&
	    !backoff_is_pausing(&hub->input_backoff, now);

	if (hub->woken != &hub->server && !is_due &&
	    poll_set_events(set, hub->in_slot) == 0)
		return;
	if (hub_holds(&hub->server))
		hub_wait(&hub->server);
	else if (buffer_used(&hub->input) > 0)
		pass_input(hub);
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
write_once(struct hub *hub, int64_t now)
{
	struct stream *stdio = hub->options.stdio;
	size_t length;
	const uint8_t *head = outqueue_head(&hub->output, &length);
	ssize_t n = stream_write(stdio, head, length);

	if (n == STREAM_ERROR && skips_message(hub, length))
		n = (ssize_t)length;
	if (n >= 0) {
		backoff_succeed(&hub->output_backoff);
		outqueue_consume(&hub->output, (size_t)n);
	} else if (n == STREAM_LATER) {
		retry_later(&hub->output_backoff, stdio->sink, errno, now);
	} else if (n == STREAM_ERROR) {
		fail(hub, stdio->sink, errno);
	}
	return n;
}

static void
step_output(struct hub *hub, short events, int64_t now)
{
	ssize_t n = 0;

	if (events & POLLOUT)
		hub->is_blocked = false;
	if (hub->is_blocked || backoff_is_pausing(&hub->output_backoff, now))
		return;
	while (outqueue_used(&hub->output) > 0 && n >= 0)
		n = write_once(hub, now);
	hub->is_blocked = n == STREAM_WANT_WRITE;
	hub_wake(hub);
}

void
hubio_step(struct hub *hub, const struct poll_set *set, int64_t now)
{
	short out = poll_set_events(set, hub->out_slot);

	if (out & (POLLERR | POLLHUP | POLLNVAL)) {
		int error = stream_error(hub->options.stdio);

		fail(hub, hub->options.stdio->sink, error != 0 ? error : EPIPE);
		return;
	}
	step_input(hub, set, now);
	step_output(hub, out, now);
}
