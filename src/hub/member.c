/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What waits for a client, and what becomes of a client that has ended or
 * does not go on.
 */
#include "hub/member.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "observe/event.h"

enum {
	QUEUE_FULL = 256 * 1024,  /* bytes for one client; senders wait */
	MESSAGE_SIZE = 64 * 1024, /* of messages that streams are cut into */
	FIRST_MESSAGE_MAX = 256 * 1024, /* for one, until a larger one comes */
	QUIET_MS = 1000, /* after which one that has ended leaves */
};

static bool
is_over(const struct member *p)
{
	return p->hub->is_finished || p->is_let_go;
}

static void
set_full(struct member *p, bool is_full)
{
	if (is_full == p->is_full)
		return;
	p->is_full = is_full;
	if (is_full)
		p->hub->full++;
	else
		p->hub->full--;
	hub_wake(p->hub);
}

static struct member_list *
spare_list(const struct member *p)
{
	struct hub *hub = p->hub;

	return p->has_spoken && !hub->options.keeps_ended ? &hub->speakers
							  : &hub->listeners;
}

static void
set_spare(struct member *p, bool is_spare)
{
	if (is_spare == p->is_spare)
		return;
	p->is_spare = is_spare;
	if (is_spare) {
		p->let_go_at = loop_after(loop_now(), QUIET_MS);
		TAILQ_INSERT_TAIL(spare_list(p), p, ended);
	} else {
		TAILQ_REMOVE(spare_list(p), p, ended);
	}
}

static void
set_ready(struct member *p)
{
	short ready = 0;

	if (outqueue_used(&p->queue) > 0 || is_over(p))
		ready |= POLLIN;
	if (!p->is_waiting || p->hub->woken == p)
		ready |= POLLOUT;
	if (p->is_dropped)
		ready |= POLLERR | POLLHUP;
	p->stream.ready = ready;
}

void
member_update(struct member *p)
{
	struct hub *hub = p->hub;
	size_t used = outqueue_used(&p->queue);
	bool is_live = !p->is_dropped && !p->is_given_up && !is_over(p);

	if (p != &hub->server) {
		hub->live -= p->is_live;
		hub->live += is_live;
		p->is_live = is_live;
		set_full(p, is_live && used >= QUEUE_FULL);
		member_set_clocked(p,
		    !p->is_dropped && !p->is_given_up &&
			(p->is_full || p->is_let_go || hub->is_draining));
		set_spare(p, is_live && p->is_ended && used == 0);
	}
	set_ready(p);
}

void
member_drop(struct member *p, const char *why)
{
	if (p->is_dropped)
		return;
	event_say(EVENT_MEMBER_SLOW, .peer = stream_source(p->client),
	    .reason = why,
	    .lost = outqueue_used(&p->queue) + stream_unsent(p->client));
	/* It must not take what it got for the whole. */
	p->client->is_reset = true;
	p->is_dropped = true;
	outqueue_clear(&p->queue);
	member_update(p);
}

void
member_let_go(struct member *p)
{
	if (p->is_let_go)
		return;
	event_say(EVENT_MEMBER_LEAVES, .peer = stream_source(p->client));
	p->is_let_go = true;
	p->hub->leaving++;
	member_update(p);
}

bool
member_is_drained(const struct member *p)
{
	return p->is_given_up ||
	    (p->is_end_read && stream_unsent(p->client) == 0);
}

/* The most bytes of a stream in one message to this client. */
static size_t
cut_size(const struct member *p)
{
	size_t max = p->hub->options.datagram_size;

	if (max == 0)
		max = p->client->message_size;
	return max < MESSAGE_SIZE ? max : MESSAGE_SIZE;
}

static int
add(struct member *p, const uint8_t *bytes, size_t length, bool is_message)
{
	size_t max = length;

	if (p->queue.keeps_messages && !is_message)
		max = cut_size(p);
	if (length > p->stream.message_max)
		p->stream.message_max = length;
	do {
		size_t n = length < max ? length : max;

		if (outqueue_add(&p->queue, bytes, n) == -1)
			return -1;
		bytes += n;
		length -= n;
	} while (length > 0);
	return 0;
}

void
member_push(
    struct member *p, const uint8_t *bytes, size_t length, bool is_message)
{
	if (!p->is_live)
		return;
	if (add(p, bytes, length, is_message) == -1)
		member_drop(p, strerror(errno));
	else
		member_update(p);
}

/* Where nothing more can complete it, what is no whole line counts as one. */
static void
deliver_line(struct member *p)
{
	size_t used = buffer_used(&p->line);

	if (used == 0)
		return;
	hub_deliver(p, buffer_head(&p->line), used);
	buffer_clear(&p->line);
}

/* How many bytes go on with the line, or the lines, that are being kept. */
static size_t
line_piece(const struct member *p, const uint8_t *bytes, size_t length)
{
	size_t max = p->hub->line_max - buffer_used(&p->line);
	const uint8_t *newline;

	if (max > length)
		max = length;
	if (p->hub->options.kind == HUB_CHAT)
		newline = memchr(bytes, '\n', max);
	else
		newline = memrchr(bytes, '\n', max);
	return newline == NULL ? max : (size_t)(newline - bytes) + 1;
}

/*
 * Passes on what ends in a whole line or is too long for one.  A line of a
 * chat grows by its speaker, so it is asked before each whether there is
 * room; but of a message nothing can be left.
 */
static ssize_t
write_lines(struct member *p, const uint8_t *bytes, size_t length)
{
	bool is_complete = p->stream.writes_messages;
	size_t done = 0;

	while (done < length && (done == 0 || is_complete || !hub_holds(p))) {
		size_t n = line_piece(p, bytes + done, length - done);

		if (buffer_append(&p->line, bytes + done, n) == -1)
			return done > 0 ? (ssize_t)done : STREAM_ERROR;
		done += n;
		if (bytes[done - 1] == '\n' ||
		    buffer_used(&p->line) == p->hub->line_max)
			deliver_line(p);
	}
	return (ssize_t)done;
}

/* What a star reads from its input is not kept in lines. */
static bool
is_in_lines(const struct member *p)
{
	switch (p->hub->options.kind) {
	case HUB_STAR:
		return p != &p->hub->server && !p->stream.writes_messages;
	case HUB_BROKER:
		return false;
	case HUB_CHAT:
		break;
	}
	return true;
}

/* Of a mesh that stops, nobody gets any more. */
static bool
is_stopped(const struct member *p)
{
	return p->hub->is_finished && p->hub->options.kind != HUB_STAR;
}

static ssize_t
member_write(struct stream *s, const void *bytes, size_t length)
{
	struct member *p = (struct member *)s;
	ssize_t n = (ssize_t)length;

	if (is_stopped(p) && !p->is_dropped)
		event_say(EVENT_WRONG, .what = s->source,
		    .reason = "stopped before all was passed on");
	if (is_stopped(p) || p->is_dropped || p->hub->is_failed) {
		errno = EPIPE;
		return STREAM_ERROR;
	}
	if (hub_holds(p)) {
		hub_wait(p);
		return STREAM_WANT_WRITE;
	}
	if (length == 0 && !s->writes_messages)
		return 0;
	p->has_spoken = true;
	if (is_in_lines(p))
		n = write_lines(p, bytes, length);
	else
		hub_deliver(p, bytes, length);
	if (s->writes_messages)
		deliver_line(p);
	hub_stop_waiting(p);
	return n;
}

/* Whether its end would pass for one of the input, and is none. */
static bool
is_cut(const struct member *p)
{
	return p->client->kind->is_connection &&
	    (p->is_cut || (p->hub->is_cut && !p->is_let_go));
}

static ssize_t
member_read(struct stream *s, void *bytes, size_t length)
{
	struct member *p = (struct member *)s;
	const uint8_t *head;
	size_t size;

	if (outqueue_used(&p->queue) == 0) {
		p->is_end_read = is_over(p);
		p->client->is_reset |= p->is_end_read && is_cut(p);
		return p->is_end_read ? STREAM_EOF : STREAM_WANT_READ;
	}
	head = outqueue_head(&p->queue, &size);
	if (length > size)
		length = size;
	memcpy(bytes, head, length);
	outqueue_consume(&p->queue, length);
	member_update(p);
	return (ssize_t)length;
}

/* Its client has sent all. */
static int
member_shut(struct stream *s)
{
	struct member *p = (struct member *)s;

	deliver_line(p);
	p->is_ended = true;
	if (p == &p->hub->server)
		return 0;
	/* Peers of a datagram socket end by being gone. */
	if (!hub_has_source(p->hub) || p->client->is_connectionless)
		member_let_go(p);
	member_update(p);
	return 0;
}

static int
member_error(struct stream *s)
{
	(void)s;
	return EPIPE;
}

/* Its client takes no more: others do not wait for it. */
static void
member_give_up(struct stream *s)
{
	struct member *p = (struct member *)s;

	if (p->is_given_up)
		return;
	p->is_given_up = true;
	outqueue_clear(&p->queue);
	member_update(p);
}

static void
member_free(struct stream *s)
{
	struct member *p = (struct member *)s;

	hub_leave(p);
	buffer_clear(&p->line);
	outqueue_clear(&p->queue);
	free(p);
}

static const struct stream_kind member_kind = {
	.is_unpolled = true,
	.read = member_read,
	.write = member_write,
	.shut = member_shut,
	.error = member_error,
	.give_up = member_give_up,
	.free = member_free,
};

void
member_init(struct member *p, struct hub *hub, const char *name)
{
	struct stream *s = &p->stream;

	s->kind = &member_kind;
	s->in = s->out = -1;
	s->message_size = MESSAGE_SIZE;
	s->message_max = FIRST_MESSAGE_MAX;
	strlcpy(s->source, name, sizeof(s->source));
	strlcpy(s->sink, name, sizeof(s->sink));
	p->hub = hub;
}

struct member *
member_new(struct hub *hub, struct stream *client)
{
	struct member *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	member_init(p, hub, client->source);
	p->client = client;
	p->stream.writes_messages = client->reads_messages;
	/* Bytes of standard input are cut where they are written. */
	p->stream.reads_messages = client->reads_messages &&
	    (hub->options.kind != HUB_STAR ||
		hub->options.stdio->reads_messages);
	p->queue.keeps_messages = p->stream.reads_messages;
	p->stream.is_mute =
	    hub->options.kind == HUB_STAR && hub->options.stdio->is_mute;
	return p;
}
