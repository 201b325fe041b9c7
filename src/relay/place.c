/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Who is slow harms nobody else: each place has a queue of its own.
 */
#include "relay/place.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "observe/log.h"

enum {
	QUEUE_MOST = 1024 * 1024,  /* bytes that wait for one client */
	MESSAGE_SIZE = 64 * 1024,  /* of messages that streams are cut into */
	MESSAGE_MOST = 256 * 1024, /* of others: what one may hold */
};

/*
 * A terminal keeps no client that has sent everything, for somebody may still
 * type something; any other input does, as in a session of its own.
 */
bool
place_is_over(const struct place *p)
{
	const struct stream *stdio = p->hub->options.stdio;
	bool keeps = stdio != NULL && stdio->in != -1 && !stdio->is_terminal;

	return p->hub->is_finished || (p->is_ended && !keeps);
}

/* Whether there are others to send to, and all have enough for now. */
static bool
is_held(const struct place *p)
{
	const struct hub *hub = p->hub;

	if (hub->options.kind == HUB_STAR)
		return hub->is_full;
	return hub->live > p->is_live && hub->hungry == p->is_hungry;
}

/* One knows oneself, so it matters whether there is none, one, or more. */
static bool
differ(size_t one, size_t other)
{
	return one != other && (one < 2 || other < 2);
}

bool
place_count(struct place *p)
{
	struct hub *hub = p->hub;
	size_t live = hub->live, hungry = hub->hungry;

	hub->live -= p->is_live;
	hub->hungry -= p->is_hungry;
	p->is_live = !p->is_dropped && !place_is_over(p);
	p->is_hungry = p->is_live && buffer_used(&p->queue) < QUEUE_LOW;
	hub->live += p->is_live;
	hub->hungry += p->is_hungry;
	return differ(live, hub->live) || differ(hungry, hub->hungry);
}

void
place_set_ready(struct place *p)
{
	short ready = 0;

	if (buffer_used(&p->queue) > 0 || place_is_over(p))
		ready |= POLLIN;
	if (!is_held(p))
		ready |= POLLOUT;
	if (p->is_dropped)
		ready |= POLLERR | POLLHUP;
	p->stream.ready = ready;
}

static void
changed(struct place *p)
{
	if (place_count(p))
		hub_set_all_ready(p->hub);
	else
		place_set_ready(p);
}

void
place_drop(struct place *p, const char *why)
{
	if (p->is_dropped)
		return;
	log_error("%s: %s: dropped with %zu bytes not sent", p->stream.source,
	    why, buffer_used(&p->queue));
	p->is_dropped = true;
	buffer_clear(&p->queue);
	changed(p);
}

/* Of messages, each comes behind its length. */
void
place_push(struct place *p, const uint8_t *bytes, size_t length)
{
	size_t size = length;

	if (p->is_dropped || place_is_over(p))
		return;
	if (buffer_used(&p->queue) + length > QUEUE_MOST) {
		place_drop(p, "too slow");
	} else if ((p->stream.reads_messages &&
		       buffer_append(&p->queue, &size, sizeof(size)) == -1) ||
	    buffer_append(&p->queue, bytes, length) == -1) {
		place_drop(p, strerror(errno));
	}
	changed(p);
}

/* Passes on as much as ends in a whole line, or is too long for one. */
static int
deliver_lines(struct place *p, const uint8_t *bytes, size_t length)
{
	bool is_chat = p->hub->options.kind == HUB_CHAT;

	if (buffer_append(&p->line, bytes, length) == -1)
		return -1;
	while (buffer_used(&p->line) > 0) {
		const uint8_t *head = buffer_head(&p->line), *end;
		size_t used = buffer_used(&p->line);

		end = is_chat ? memchr(head, '\n', used)
			      : memrchr(head, '\n', used);
		if (end != NULL)
			used = (size_t)(end - head) + 1;
		else if (used < p->hub->line_most)
			return 0;
		if (used > p->hub->line_most && is_chat)
			used = p->hub->line_most;
		hub_deliver(p, head, used);
		buffer_consume(&p->line, used);
	}
	buffer_clear(&p->line);
	return 0;
}

/* Where nothing more can complete it, what is no whole line counts as one. */
static void
deliver_rest(struct place *p)
{
	if (buffer_used(&p->line) > 0)
		hub_deliver(p, buffer_head(&p->line), buffer_used(&p->line));
	buffer_clear(&p->line);
}

static bool
is_in_lines(const struct place *p)
{
	if (p->hub->options.kind == HUB_BROKER)
		return false;
	return p->hub->options.kind == HUB_CHAT || !p->stream.writes_messages;
}

/* Of a mesh that stops, nobody gets any more. */
static bool
is_stopped(const struct place *p)
{
	return p->hub->is_finished && p->hub->options.kind != HUB_STAR;
}

static ssize_t
place_write(struct stream *s, const void *bytes, size_t length)
{
	struct place *p = (struct place *)s;

	if (is_stopped(p) && !p->is_dropped)
		log_error("%s: stopped before all was passed on", s->source);
	if (is_stopped(p) || p->is_dropped || p->hub->is_failed) {
		errno = EPIPE;
		return STREAM_ERROR;
	}
	if (is_held(p))
		return STREAM_WANT_WRITE;
	if (length == 0)
		return 0;
	if (!is_in_lines(p))
		hub_deliver(p, bytes, length);
	else if (deliver_lines(p, bytes, length) == -1)
		return STREAM_ERROR;
	if (s->writes_messages)
		deliver_rest(p);
	return (ssize_t)length;
}

static ssize_t
place_read(struct stream *s, void *bytes, size_t length)
{
	struct place *p = (struct place *)s;
	size_t used = buffer_used(&p->queue), size;

	if (used == 0)
		return place_is_over(p) ? STREAM_EOF : STREAM_WANT_READ;
	if (s->reads_messages) {
		memcpy(&size, buffer_head(&p->queue), sizeof(size));
		buffer_consume(&p->queue, sizeof(size));
	} else {
		size = used;
	}
	if (length > size)
		length = size;
	memcpy(bytes, buffer_head(&p->queue), length);
	buffer_consume(&p->queue, s->reads_messages ? size : length);
	if (buffer_used(&p->queue) == 0)
		buffer_clear(&p->queue);
	changed(p);
	return (ssize_t)length;
}

/* Its client has sent all. */
static int
place_shut(struct stream *s)
{
	struct place *p = (struct place *)s;

	deliver_rest(p);
	p->is_ended = true;
	changed(p);
	return 0;
}

static int
place_error(struct stream *s)
{
	(void)s;
	return EPIPE;
}

static void
place_free(struct stream *s)
{
	struct place *p = (struct place *)s;

	hub_leave(p);
	buffer_clear(&p->line);
	buffer_clear(&p->queue);
	free(p);
}

static const struct stream_ops place_ops = {
	.read = place_read,
	.write = place_write,
	.read_messages = stream_read_message,
	.write_messages = stream_write_message,
	.shut = place_shut,
	.error = place_error,
	STREAM_NO_CONNECTION,
	.free = place_free,
};

struct place *
place_new(struct hub *hub, const char *name, bool keeps_messages)
{
	struct place *p = calloc(1, sizeof(*p));
	struct stream *s;

	if (p == NULL)
		return NULL;
	s = &p->stream;
	s->ops = &place_ops;
	s->in = s->out = -1;
	s->is_unpolled = true;
	s->writes_messages = keeps_messages;
	s->reads_messages = keeps_messages && hub->options.kind != HUB_STAR;
	s->message_size = MESSAGE_SIZE;
	s->message_room = MESSAGE_MOST;
	strlcpy(s->source, name, sizeof(s->source));
	strlcpy(s->sink, name, sizeof(s->sink));
	p->hub = hub;
	return p;
}
