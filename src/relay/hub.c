/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Input waits for the fastest client only, and whoever cannot follow loses
 * its place; so does what one client sends to the others.  But all wait for
 * standard output, which is theirs together.
 */
#include "relay/hub.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "relay/chat.h"
#include "relay/place.h"

enum {
	LINE_MOST = 64 * 1024,    /* of a line that is kept together */
	OUTPUT_MOST = 256 * 1024, /* that waits for standard output */
	INPUT_READ = 64 * 1024,
};

static void
release(struct hub *hub)
{
	if (--hub->users > 0)
		return;
	buffer_clear(&hub->input);
	buffer_clear(&hub->output);
	free(hub);
}

static void
fail(struct hub *hub, const char *what, int error)
{
	if (hub->is_failed)
		return;
	hub->is_failed = true;
	hub->options.failed(hub->options.context, what, error);
}

void
hub_set_all_ready(struct hub *hub)
{
	struct place *p;

	TAILQ_FOREACH (p, &hub->places, others) {
		place_set_ready(p);
	}
}

static void
update_full(struct hub *hub)
{
	bool is_full = buffer_used(&hub->output) >= OUTPUT_MOST;

	if (is_full == hub->is_full)
		return;
	hub->is_full = is_full;
	hub_set_all_ready(hub);
}

static void
push_to_others(struct place *from, const uint8_t *bytes, size_t length)
{
	struct place *p;

	TAILQ_FOREACH (p, &from->hub->places, others) {
		if (p != from)
			place_push(p, bytes, length);
	}
}

static void
say(struct place *from, const uint8_t *line, size_t length)
{
	char speaker[32];
	uint8_t text[CHAT_ROOM];

	snprintf(speaker, sizeof(speaker), "<user%lu> ", from->number);
	length = chat_line(speaker, line, length, text);
	push_to_others(from, text, length);
}

/* What one sent, whole: to the output, or to all the others. */
void
hub_deliver(struct place *p, const uint8_t *bytes, size_t length)
{
	struct hub *hub = p->hub;

	switch (hub->options.kind) {
	case HUB_STAR:
		if (buffer_append(&hub->output, bytes, length) == -1)
			place_drop(p, strerror(errno));
		update_full(hub);
		break;
	case HUB_BROKER:
		push_to_others(p, bytes, length);
		break;
	case HUB_CHAT:
		say(p, bytes, length);
		break;
	}
}

static void
announce(struct place *p, const char *event, const char *where)
{
	char text[ADDRESS_TEXT + 64];
	uint8_t line[CHAT_ROOM];
	int length;

	if (p->hub->options.kind != HUB_CHAT)
		return;
	length = snprintf(
	    text, sizeof(text), "user%lu %s%s", p->number, event, where);
	push_to_others(p, line,
	    chat_line(
		"<announce> ", (const uint8_t *)text, (size_t)length, line));
}

struct stream *
hub_join(struct hub *hub, const char *name, bool keeps_messages)
{
	struct place *p = place_new(hub, name, keeps_messages);

	if (p == NULL)
		return NULL;
	p->number = ++hub->joined;
	hub->users++;
	TAILQ_INSERT_TAIL(&hub->places, p, others);
	announce(p, "joined from ", p->stream.source);
	if (place_count(p))
		hub_set_all_ready(hub);
	else
		place_set_ready(p);
	return &p->stream;
}

void
hub_leave(struct place *p)
{
	TAILQ_REMOVE(&p->hub->places, p, others);
	p->is_dropped = true; /* it counts no more */
	if (place_count(p))
		hub_set_all_ready(p->hub);
	announce(p, "left", "");
	release(p->hub);
}

/* Whether somebody could take more input: the fastest sets the pace. */
static bool
wants_input(const struct hub *hub)
{
	const struct stream *stdio = hub->options.stdio;

	if (stdio == NULL || stdio->in == -1 || hub->is_finished)
		return false;
	return hub->hungry > 0;
}

static void
hub_want(struct task *task, struct poll_set *set)
{
	struct hub *hub = (struct hub *)task;
	const struct stream *stdio = hub->options.stdio;

	hub->in_slot = hub->out_slot = -1;
	if (stdio == NULL || hub->is_failed)
		return;
	if (wants_input(hub))
		hub->in_slot = poll_set_add(set, stdio->in, POLLIN);
	if (stdio->out != -1)
		hub->out_slot = poll_set_add(
		    set, stdio->out, hub->is_blocked ? POLLOUT : 0);
}

static int64_t
hub_deadline(const struct task *task)
{
	const struct hub *hub = (const struct hub *)task;

	if (hub->is_failed || hub->is_blocked || buffer_used(&hub->output) == 0)
		return LOOP_NEVER;
	return 0;
}

static void
read_input(struct hub *hub)
{
	struct stream *stdio = hub->options.stdio;
	uint8_t *room = buffer_reserve(&hub->input, INPUT_READ);
	struct place *p;
	ssize_t n;

	n = room == NULL ? STREAM_ERROR : stream_read(stdio, room, INPUT_READ);
	if (n > 0) {
		TAILQ_FOREACH (p, &hub->places, others) {
			place_push(p, room, (size_t)n);
		}
	} else if (n == STREAM_ERROR) {
		fail(hub, stdio->source, errno);
	} else if (n == STREAM_EOF) {
		stdio->is_input_over = true;
		hub_finish(hub);
	}
}

static void
write_output(struct hub *hub)
{
	struct stream *stdio = hub->options.stdio;

	while (buffer_used(&hub->output) > 0) {
		ssize_t n = stream_write(stdio, buffer_head(&hub->output),
		    buffer_used(&hub->output));

		if (n == STREAM_ERROR) {
			fail(hub, stdio->sink, errno);
			return;
		}
		hub->is_blocked = n < 0;
		if (n < 0)
			break;
		buffer_consume(&hub->output, (size_t)n);
	}
	if (buffer_used(&hub->output) == 0)
		buffer_clear(&hub->output);
	update_full(hub);
}

static void
hub_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct hub *hub = (struct hub *)task;
	short out = poll_set_events(set, hub->out_slot);

	(void)now;
	if (out & (POLLERR | POLLHUP | POLLNVAL)) {
		int error = stream_error(hub->options.stdio);

		fail(hub, hub->options.stdio->sink, error != 0 ? error : EPIPE);
		return;
	}
	if (out & POLLOUT)
		hub->is_blocked = false;
	if (poll_set_events(set, hub->in_slot) != 0)
		read_input(hub);
	if (!hub->is_failed && !hub->is_blocked)
		write_output(hub);
}

static void
hub_free(struct task *task)
{
	release((struct hub *)task);
}

static const struct task_ops hub_ops = {
	.name = "hub",
	.want = hub_want,
	.deadline = hub_deadline,
	.step = hub_step,
	.free = hub_free,
};

struct hub *
hub_new(const struct hub_options *options)
{
	struct hub *hub = calloc(1, sizeof(*hub));

	if (hub == NULL)
		return NULL;
	hub->task.ops = &hub_ops;
	hub->options = *options;
	hub->users = 1;
	hub->in_slot = hub->out_slot = -1;
	hub->line_most = options->kind == HUB_CHAT ? CHAT_LINE : LINE_MOST;
	TAILQ_INIT(&hub->places);
	return hub;
}

struct task *
hub_task(struct hub *hub)
{
	return &hub->task;
}

void
hub_finish(struct hub *hub)
{
	struct place *p;

	hub->is_finished = true;
	TAILQ_FOREACH (p, &hub->places, others) {
		place_count(p);
	}
	hub_set_all_ready(hub);
}

bool
hub_has_data(const struct hub *hub)
{
	return buffer_used(&hub->output) > 0;
}
