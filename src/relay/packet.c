/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The packet strategy: one message at a time.  A message that was read is
 * written whole where the sink keeps messages; a stream of bytes is cut
 * into messages where it was read, at lines with -i, at the datagram size
 * at the latest.
 */
#include <string.h>

#include "net/datagram.h"
#include "net/stream.h"
#include "relay/flow.h"

/* What a stream is read by before it is cut. */
enum { PACKET_READ = 64 * 1024 };

static bool
packet_has_data(const struct flow *f)
{
	return f->holds_message || buffer_used(&f->buffer) > 0;
}

/* The most bytes of a stream that go into one message. */
static size_t
cut_size(const struct flow *f)
{
	size_t size = f->options.datagram_size;

	if (size == 0)
		size = f->to->message_size;
	return size < PACKET_READ ? size : PACKET_READ;
}

/* A filter may double what is read, and the message must still fit. */
static size_t
read_size(const struct flow *f)
{
	size_t size;

	if (f->from->reads_messages)
		return DATAGRAM_ROOM;
	size = cut_size(f) - buffer_used(&f->buffer);
	return f->options.crlf && size > 1 ? size / 2 : size;
}

/* With -i, a line that more input may complete is not a message yet. */
static bool
is_partial_line(const struct flow *f)
{
	size_t used = buffer_used(&f->buffer);

	return f->options.line_delay != 0 && f->state == FLOW_OPEN &&
	    !f->holds_message && f->to->writes_messages && used > 0 &&
	    used < cut_size(f) &&
	    memchr(buffer_head(&f->buffer), '\n', used) == NULL;
}

static bool
packet_has_room(const struct flow *f)
{
	return !packet_has_data(f) || is_partial_line(f);
}

static void
packet_fill(struct flow *f, int64_t now)
{
	int64_t n = flow_read(f, read_size(f));

	(void)now;
	if (n < 0) {
		flow_source_ended(f, n);
		return;
	}
	flow_count_read(f, (size_t)n);
	if (n == 0 && f->options.null_eof && f->from->is_connectionless)
		flow_source_ended(f, STREAM_EOF);
	else
		f->holds_message = f->from->reads_messages;
}

static size_t
next_length(const struct flow *f)
{
	size_t used = buffer_used(&f->buffer);

	if (f->holds_message || !f->to->writes_messages)
		return used;
	return flow_line_length(f, used < cut_size(f) ? used : cut_size(f));
}

/*
 * send(2) may report the error of an earlier datagram in the place of
 * sending this one: the second try is the answer that counts.
 */
static ssize_t
write_message(struct flow *f, size_t length)
{
	const uint8_t *head = buffer_head(&f->buffer);
	ssize_t n = stream_write(f->to, head, length);

	if (n != STREAM_ERROR)
		return n;
	if (!flow_survives(f, length))
		return STREAM_ERROR;
	n = stream_write(f->to, head, length);
	if (n != STREAM_ERROR)
		return n;
	return flow_survives(f, length) ? (ssize_t)length : STREAM_ERROR;
}

/* Returns false if the sink must become writable first, or is gone. */
static bool
write_next(struct flow *f, int64_t now)
{
	size_t length = next_length(f);
	ssize_t n;

	/* An empty message leaves no trace where bytes are written. */
	if (length == 0 && !f->to->writes_messages) {
		f->holds_message = false;
		return true;
	}
	n = write_message(f, length);
	if (n < 0) {
		f->is_blocked = n != STREAM_ERROR;
		return false;
	}
	flow_count_written(f, (size_t)n);
	buffer_consume(&f->buffer, (size_t)n);
	if ((size_t)n == length) {
		f->holds_message = false;
		flow_pause(f, now);
	}
	return true;
}

static void
packet_drain(struct flow *f, int64_t now)
{
	while (
	    f->paused_until == 0 && packet_has_data(f) && !is_partial_line(f))
		if (!write_next(f, now))
			return;
	if (f->state != FLOW_DRAIN || !f->owes_null || packet_has_data(f))
		return;
	if (stream_write(f->to, "", 0) == STREAM_WANT_WRITE)
		f->is_blocked = true;
	else
		f->owes_null = false;
}

const struct strategy packet_strategy = {
	.name = "packet",
	.has_room = packet_has_room,
	.has_data = packet_has_data,
	.fill = packet_fill,
	.drain = packet_drain,
};
