/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The packet strategy: messages, as many at once as there are.  A message that
 * was read is written whole where the sink keeps messages; a stream of bytes is
 * cut into messages, at lines with -i, at the datagram size at the latest.
 * Where the sink keeps none, they are written as one.
 */
#include "relay/packet.h"

#include <errno.h>
#include <stdlib.h>

#include "base/loop.h"
#include "relay/packet_impl.h"

/* Returns NULL with errno. */
static struct packet *
packet_make(struct flow *f)
{
	struct packet *p = f->strategy_state;

	if (p != NULL)
		return p;
	p = f->strategy_state = calloc(1, sizeof(*p));
	if (p != NULL)
		p->reads_at_once = 1;
	return p;
}

static size_t
message_count(const struct flow *f)
{
	const struct packet *p = f->strategy_state;

	return p != NULL ? p->messages.count : 0;
}

static bool
packet_has_data(const struct flow *f)
{
	return message_count(f) > 0 || buffer_used(&f->buffer) > 0;
}

static bool
packet_can_read(const struct flow *f)
{
	const struct packet *p = f->strategy_state;
	const struct buffer *b = &f->buffer;

	if (p != NULL && (p->messages.count > 0 || f->now < p->coalesce_until))
		return false;
	return buffer_used(b) == 0 ||
	    packet_cut_length(f, buffer_head(b), buffer_used(b)) == 0;
}

static struct strategy_result
packet_fill(struct flow *f)
{
	struct packet *p = packet_make(f);

	if (p == NULL)
		return strategy_source(STREAM_LATER, errno);
	return packet_read(f, p);
}

/* Removes bytes of the first message; its last byte removes the message. */
static void
consume_message(struct flow *f, struct messages *m, size_t length)
{
	buffer_consume(&f->buffer, length);
	m->lengths[m->first] -= (uint32_t)length;
	if (m->lengths[m->first] > 0)
		return;
	m->first++;
	if (--m->count == 0)
		m->first = 0;
}

/* Writes messages.  Returns how many, or a code with errno. */
static int
write_batch(struct flow *f, struct messages *m)
{
	size_t count = m->count;
	int n;

	if (f->options.line_delay != 0)
		m->count = 1;
	n = stream_write_messages(f->to, buffer_head(&f->buffer), m);
	m->count = count;
	return n;
}

/*
 * send(2) may report the error of an earlier datagram instead of sending this
 * one, so the second try counts.  Returns whether the message is to be dropped,
 * because the same error was reported already, or the one of unix(7) that
 * follows every other.
 */
static bool
is_lost(const struct flow *f, struct packet *p, int error)
{
	if (p->failed_with != 0 &&
	    (error == p->failed_with ||
		(error == ENOTCONN && f->to->is_connectionless)))
		return true;
	p->is_dropping = p->failed_with != 0;
	p->failed_with = error;
	return false;
}

static struct strategy_result
write_messages(struct flow *f, struct packet *p)
{
	struct messages *m = &p->messages;
	const uint8_t *at = buffer_head(&f->buffer);
	struct strategy_result result;
	int n = p->is_dropping ? 1 : write_batch(f, m);

	if (n == STREAM_ERROR && is_lost(f, p, errno))
		n = 1;
	result = strategy_sink(n, errno);
	result.length = m->lengths[m->first];
	if (n == STREAM_ERROR)
		return result;
	p->failed_with = 0;
	p->is_dropping = false;
	for (int i = 0; i < n; i++) {
		size_t length = m->lengths[m->first];

		flow_saw(f, FLOW_SINK, at, length);
		at += length;
		consume_message(f, m, length);
	}
	return result;
}

/* An empty message is nothing in a stream of bytes. */
static struct strategy_result
write_bytes(struct flow *f, struct messages *m)
{
	const uint8_t *head = buffer_head(&f->buffer);
	size_t length = m->lengths[m->first], left;
	ssize_t n = 0;

	if (f->options.line_delay == 0 && !f->to->keeps_writes_apart)
		length = buffer_used(&f->buffer);
	if (length > 0)
		n = stream_write(f->to, head, length);
	if (n < 0)
		return strategy_sink(n, errno);
	if (n > 0)
		flow_saw(f, FLOW_SINK, head, (size_t)n);
	for (left = (size_t)n; m->count > 0;) {
		size_t first = m->lengths[m->first];

		if (left == 0 && first > 0)
			break;
		consume_message(f, m, first < left ? first : left);
		left -= first < left ? first : left;
	}
	return (struct strategy_result){ 0 };
}

static struct strategy_result
write_next(struct flow *f, struct packet *p)
{
	size_t before = p->messages.count;
	struct strategy_result result = f->to->writes_messages
	    ? write_messages(f, p)
	    : write_bytes(f, &p->messages);

	result.ends_line =
	    f->options.line_delay != 0 && p->messages.count < before;
	return result;
}

static struct strategy_result
packet_drain(struct flow *f)
{
	struct strategy_result result = { 0 };

	while (packet_has_data(f) && result.sink == 0 && !result.ends_line) {
		/* An answer to the peer may come before anything was read. */
		struct packet *p = packet_make(f);

		if (p == NULL)
			return strategy_sink(STREAM_LATER, errno);
		if (p->messages.count == 0)
			packet_cut(f, &p->messages, 0);
		if (p->messages.count == 0)
			break;
		result = write_next(f, p);
	}
	return result;
}

/* After a flood, the next read may have to wait. */
static int64_t
packet_deadline(const struct flow *f)
{
	const struct packet *p = f->strategy_state;

	return p != NULL && f->now < p->coalesce_until ? p->coalesce_until
						       : LOOP_NEVER;
}

static void
packet_clear(struct flow *f)
{
	free(f->strategy_state);
	f->strategy_state = NULL;
}

const struct strategy packet_strategy = {
	.name = "packet",
	.can_read = packet_can_read,
	.has_data = packet_has_data,
	.fill = packet_fill,
	.drain = packet_drain,
	.deadline = packet_deadline,
	.trim = packet_clear,
	.clear = packet_clear,
};
