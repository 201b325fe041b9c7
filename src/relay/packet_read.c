/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* As many messages are read at once as there are. */
#include <errno.h>

#include "base/loop.h"
#include "relay/filter.h"
#include "relay/packet_impl.h"

enum {
	READ_BYTES = 1024 * 1024, /* for messages read at once */
	BATCH_BYTES = 256 * 1024, /* enough for a write */
	BATCH_READS = 64,
	BURST = 64, /* messages in a millisecond that make a flow coalesce */
	COALESCE_MS = 1,
};

/* One read for a dialogue, doubling while more arrive. */
static void
adapt_reads(struct packet *p, int reads, int max)
{
	if (max > BATCH_READS)
		max = BATCH_READS;
	if (max < 1)
		max = 1;
	if (reads == p->reads_at_once)
		p->reads_at_once = 2 * reads < max ? 2 * reads : max;
	else if (reads > 0)
		p->reads_at_once = reads;
}

/* A multiple of what is cut, so that no small piece is left over. */
static size_t
read_size(const struct flow *f)
{
	size_t max = packet_cut_size(f), length = PACKET_READ / max * max;

	return flow_is_filtered(f) && length > 1 ? length / 2 : length;
}

/*
 * Each read begins a message: a pipe in packet mode gives one packet for
 * each, and does not say that it is one.
 */
static struct strategy_result
read_bytes(struct flow *f, struct packet *p)
{
	struct strategy_result result = { 0 };
	int reads = 0;

	while (reads < p->reads_at_once && !flow_is_limited(f) &&
	    buffer_used(&f->buffer) < PACKET_READ &&
	    p->messages.count < MESSAGES_MAX) {
		size_t start = buffer_used(&f->buffer);
		int64_t n = flow_read(f, read_size(f));

		if (n < 0) {
			result = strategy_source(n, errno);
			break;
		}
		if (!packet_cuts_lines(f))
			packet_cut(f, &p->messages, start);
		reads++;
	}
	/* Only a pipe says for certain that it is empty; others may wait. */
	if (!packet_cuts_lines(f) && f->from->in_medium == STREAM_PIPE)
		adapt_reads(p, reads, BATCH_READS);
	return result;
}

/* Whether an empty message is the end, by --null-eof. */
static bool
ends_by_null(const struct flow *f)
{
	return f->options.null_eof && f->from->is_connectionless;
}

/* An empty message is a line, too, unless it means the end. */
static bool
lacks_newline(const struct flow *f)
{
	size_t used = buffer_used(&f->buffer);

	if (!f->options.ends_lines || (used == 0 && f->options.null_eof))
		return false;
	return used == 0 || buffer_head(&f->buffer)[used - 1] != '\n';
}

/* What a filter makes of a message is one still.  None arrive joined here. */
static struct strategy_result
read_message(struct flow *f, struct packet *p)
{
	int64_t n = flow_read(f, stream_message_max(f->from));

	if (n < 0)
		return strategy_source(n, errno);
	if (lacks_newline(f) && buffer_append(&f->buffer, "\n", 1) == -1)
		return strategy_source(STREAM_ERROR, errno);
	if (buffer_used(&f->buffer) == 0 && ends_by_null(f))
		return strategy_source(STREAM_EOF, 0);
	messages_add(&p->messages, buffer_used(&f->buffer));
	return (struct strategy_result){ 0 };
}

/*
 * Counts what was read, of which the first count messages have been counted
 * already, up to the message that ends the flow, if one does.  Returns
 * whether one does; what came behind it is dropped.
 */
static bool
take_messages(struct flow *f, struct packet *p, const uint8_t *at, size_t count)
{
	struct messages *m = &p->messages;
	size_t all = m->count;

	for (m->count = count; m->count < all && !flow_is_limited(f);
	     m->count++) {
		size_t length = m->lengths[m->count];

		flow_saw(f, FLOW_SOURCE, at, length);
		if (length == 0 && ends_by_null(f))
			return true;
		buffer_commit(&f->buffer, length);
		at += length;
	}
	return m->count < all;
}

/*
 * Reads once, many messages.  Returns how many reads that stands for, or a
 * code with errno.
 */
static int
read_batch(struct flow *f, struct packet *p)
{
	size_t size = stream_message_max(f->from), before = p->messages.count;
	int count = p->reads_at_once, n;
	uint8_t *space = buffer_reserve(&f->buffer, (size_t)count * size);

	if (space == NULL)
		return STREAM_LATER;
	n = stream_read_messages(f->from, space, size, count, &p->messages);
	if (n <= 0)
		return n;
	adapt_reads(p, n, (int)(READ_BYTES / size));
	return take_messages(f, p, space, before) ? STREAM_EOF : n;
}

/*
 * Where datagrams flood in, each would wake us, and a write for each the
 * reader of our output.  Once they have all been read they may queue up for
 * a moment, unless the queue is too short.
 */
static void
coalesce(struct flow *f, struct packet *p, bool are_all_read)
{
	if (p->burst_at != f->now)
		p->burst = 0;
	p->burst_at = f->now;
	p->burst += p->messages.count;
	if (f->from->has_deep_queue && are_all_read && p->burst >= BURST)
		p->coalesce_until = loop_after(f->now, COALESCE_MS);
}

/* What still comes back full goes on until it is enough for a write. */
static struct strategy_result
read_messages(struct flow *f, struct packet *p)
{
	struct strategy_result result;
	int count, n;

	do {
		count = p->reads_at_once;
		n = read_batch(f, p);
		result = strategy_source(n, errno);
	} while (n == count && n > 1 && !flow_is_limited(f) &&
	    buffer_used(&f->buffer) < BATCH_BYTES &&
	    p->messages.count < MESSAGES_MAX / 2);
	coalesce(f, p, n < count);
	return result;
}

struct strategy_result
packet_read(struct flow *f, struct packet *p)
{
	if (!f->from->reads_messages)
		return read_bytes(f, p);
	if (flow_is_filtered(f) || f->options.ends_lines)
		return read_message(f, p);
	return read_messages(f, p);
}
