/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The packet strategy: messages, as many at once as are there.  A message
 * that was read is written whole where the sink keeps messages; a stream of
 * bytes is cut into messages, at lines with -i, at the datagram size at the
 * latest.  Where the sink keeps none, they are written as one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "relay/flow.h"
#include "stream/stream.h"

enum {
	PACKET_READ = 64 * 1024,  /* what a stream is read by */
	READ_BYTES = 1024 * 1024, /* for messages read at once */
	BATCH_BYTES = 256 * 1024, /* worth a write */
	BATCH_READS = 64,
	BURST = 64, /* messages in a millisecond that make a flow coalesce */
	COALESCE_MS = 1,
};

static size_t
message_count(const struct flow *f)
{
	return f->messages != NULL ? f->messages->count : 0;
}

static bool
packet_has_data(const struct flow *f)
{
	return message_count(f) > 0 || buffer_used(&f->buffer) > 0;
}

/* The most bytes of a stream that go into one message. */
static size_t
cut_size(const struct flow *f)
{
	size_t size = f->options.datagram_size;

	/* A line is not cut to spare the path fragments. */
	if (size == 0 && f->options.cuts_lines)
		size = PACKET_READ;
	if (size == 0)
		size = f->to->message_size;
	return size < PACKET_READ ? size : PACKET_READ;
}

/* Whether a message is a line of what is read. */
static bool
is_cut_at_lines(const struct flow *f)
{
	return f->options.line_delay != 0 || f->options.cuts_lines;
}

/*
 * The length of the message that the bytes at place begin, or 0 if more
 * input may complete it: with -i and --lines a message is a line.
 */
static size_t
cut(const struct flow *f, const uint8_t *place, size_t left)
{
	size_t max = cut_size(f);
	size_t length = left < max ? left : max;
	const uint8_t *newline = NULL;
	bool is_partial;

	if (is_cut_at_lines(f) && length > 0)
		newline = memchr(place, '\n', length);
	if (newline != NULL)
		length = (size_t)(newline - place) + 1;
	is_partial = is_cut_at_lines(f) && newline == NULL && length < max;

	return is_partial && f->state == FLOW_OPEN ? 0 : length;
}

/* Cuts what was read of a stream, from start on, while there is place. */
static void
cut_messages(struct flow *f, size_t start)
{
	const uint8_t *place = buffer_head(&f->buffer) + start;
	size_t left = buffer_used(&f->buffer) - start, length;

	while (f->messages->count < MESSAGES_MAX &&
	    (length = cut(f, place, left)) > 0) {
		messages_add(f->messages, length);
		place += length;
		left -= length;
	}
}

static bool
packet_can_read(const struct flow *f)
{
	const struct buffer *b = &f->buffer;

	if (message_count(f) > 0)
		return false;
	return buffer_used(b) == 0 ||
	    cut(f, buffer_head(b), buffer_used(b)) == 0;
}

/* One read for a dialogue, ever more while there are more. */
static void
adapt_reads(struct flow *f, int reads, int max)
{
	if (max > BATCH_READS)
		max = BATCH_READS;
	if (max < 1)
		max = 1;
	if (reads == f->reads_at_once)
		f->reads_at_once = 2 * reads < max ? 2 * reads : max;
	else if (reads > 0)
		f->reads_at_once = reads;
}

/* A multiple of what is cut, so that no small rest is left over. */
static size_t
read_size(const struct flow *f)
{
	size_t max = cut_size(f), length = PACKET_READ / max * max;

	return flow_is_filtered(f) && length > 1 ? length / 2 : length;
}

/*
 * Each read begins a message: a pipe in packet mode gives one packet for
 * each, and does not say that it is one.
 */
static void
fill_bytes(struct flow *f)
{
	int reads = 0;

	while (reads < f->reads_at_once && f->state == FLOW_OPEN &&
	    buffer_used(&f->buffer) < PACKET_READ &&
	    message_count(f) < MESSAGES_MAX) {
		size_t start = buffer_used(&f->buffer);
		int64_t n = flow_read(f, read_size(f));

		if (n < 0) {
			flow_source_ended(f, n);
			break;
		}
		flow_count_read(f, (size_t)n);
		if (!is_cut_at_lines(f))
			cut_messages(f, start);
		reads++;
	}
	/* Only a pipe says for certain that it is empty; others may wait. */
	if (!is_cut_at_lines(f) && f->from->in_medium == STREAM_PIPE)
		adapt_reads(f, reads, BATCH_READS);
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
static int64_t
read_filtered(struct flow *f)
{
	int64_t n = flow_read(f, stream_message_max(f->from));

	if (n >= 0 && lacks_newline(f) &&
	    buffer_append(&f->buffer, "\n", 1) == -1)
		return STREAM_ERROR;
	if (n >= 0)
		messages_add(f->messages, buffer_used(&f->buffer));
	return n < 0 ? n : 1;
}

static int
read_batch(struct flow *f)
{
	struct messages *m = f->messages;
	size_t size = stream_message_max(f->from), before = m->count,
	       length = 0;
	int count = f->reads_at_once, n;
	uint8_t *space = buffer_reserve(&f->buffer, (size_t)count * size);

	if (space == NULL)
		return STREAM_LATER;
	n = stream_read_messages(f->from, space, size, count, m);
	for (size_t i = before; i < m->count; i++)
		length += m->lengths[i];
	buffer_commit(&f->buffer, length);
	if (n > 0)
		adapt_reads(f, n, (int)(READ_BYTES / size));
	return n;
}

/*
 * Where datagrams flood in, each would wake us, and a write for each the
 * reader of our output.  Once they have all been read they may queue up for
 * a moment, unless the queue is too short.
 */
static void
coalesce(struct flow *f, int64_t now, bool are_all_read)
{
	if (f->burst_at != now)
		f->burst = 0;
	f->burst_at = now;
	f->burst += message_count(f);
	if (f->from->has_deep_queue && are_all_read && f->burst >= BURST)
		f->coalesce_until = loop_after(now, COALESCE_MS);
}

/* What still comes back full goes on until it is worth a write. */
static int
read_batches(struct flow *f, int64_t now)
{
	int count, n;

	do {
		count = f->reads_at_once;
		n = read_batch(f);
	} while (n == count && n > 1 && buffer_used(&f->buffer) < BATCH_BYTES &&
	    message_count(f) < MESSAGES_MAX / 2);
	coalesce(f, now, n < count);
	return n;
}

/* Counts what was read, up to the message that ends the flow, if one does. */
static void
count_messages(struct flow *f)
{
	struct messages *m = f->messages;
	size_t kept = 0, dropped = 0;

	while (kept < m->count && f->state == FLOW_OPEN) {
		flow_count_read(f, m->lengths[kept]);
		if (m->lengths[kept] == 0 && f->options.null_eof &&
		    f->from->is_connectionless)
			flow_source_ended(f, STREAM_EOF);
		else
			kept++;
	}
	for (size_t i = kept; i < m->count; i++)
		dropped += m->lengths[i];
	m->count = kept;
	buffer_truncate(&f->buffer, dropped);
}

static void
fill_messages(struct flow *f, int64_t now)
{
	bool is_single = flow_is_filtered(f) || f->options.ends_lines;
	int64_t n = is_single ? read_filtered(f) : read_batches(f, now);
	int saved = errno;

	count_messages(f);
	errno = saved;
	if (n < 0)
		flow_source_ended(f, n);
}

static void
packet_fill(struct flow *f, int64_t now)
{
	if (f->messages == NULL) {
		f->messages = calloc(1, sizeof(*f->messages));
		f->reads_at_once = 1;
	}
	if (f->messages == NULL)
		flow_source_ended(f, STREAM_LATER);
	else if (f->from->reads_messages)
		fill_messages(f, now);
	else
		fill_bytes(f);
}

/* Takes count bytes of the first message away; the last takes it along. */
static void
consume(struct flow *f, size_t count)
{
	struct messages *m = f->messages;

	buffer_consume(&f->buffer, count);
	m->lengths[m->first] -= (uint32_t)count;
	if (m->lengths[m->first] > 0)
		return;
	m->first++;
	if (--m->count == 0)
		m->first = 0;
}

/*
 * send(2) may report the error of an earlier datagram in the place of
 * sending this one: the second try is the answer that counts.
 */
static int
try_twice(struct flow *f, const struct messages *m)
{
	const uint8_t *head = buffer_head(&f->buffer);
	size_t length = m->lengths[m->first];
	int n = stream_write_messages(f->to, head, m), error;

	if (n != STREAM_ERROR)
		return n;
	error = errno;
	if (!flow_survives(f, length))
		return STREAM_ERROR;
	n = stream_write_messages(f->to, head, m);
	if (n != STREAM_ERROR)
		return n;
	/* The same again has been told and counted, and so has unix(7)'s. */
	if (errno == error || (errno == ENOTCONN && f->to->is_connectionless))
		return 1;
	return flow_survives(f, length) ? 1 : STREAM_ERROR;
}

/* Returns a code, or what is not one. */
static int64_t
write_messages(struct flow *f)
{
	struct messages *m = f->messages;
	size_t count = m->count;
	int n;

	if (f->options.line_delay != 0)
		m->count = 1;
	n = try_twice(f, m);
	if (n == STREAM_ERROR)
		return n; /* and the messages are gone */
	m->count = count;
	for (int i = 0; i < n; i++) {
		size_t length = m->lengths[m->first];

		flow_count_written(f, length);
		consume(f, length);
	}
	return n;
}

/* An empty message leaves no trace where bytes are written. */
static int64_t
write_bytes(struct flow *f)
{
	const struct messages *m = f->messages;
	size_t length = m->lengths[m->first], left;
	ssize_t n = 0;

	if (f->options.line_delay == 0 && !f->to->keeps_writes_apart)
		length = buffer_used(&f->buffer);
	if (length > 0)
		n = stream_write(f->to, buffer_head(&f->buffer), length);
	if (n == STREAM_ERROR)
		flow_abandon(f, errno);
	if (n < 0)
		return n;
	if (n > 0)
		flow_count_written(f, (size_t)n);
	for (left = (size_t)n; m->count > 0;) {
		size_t first = m->lengths[m->first];

		if (left == 0 && first > 0)
			break;
		consume(f, first < left ? first : left);
		left -= first < left ? first : left;
	}
	return n;
}

/* Returns false if the sink must become writable first, or is gone. */
static bool
write_next(struct flow *f, int64_t now)
{
	size_t before = f->messages->count;
	int64_t n = f->to->writes_messages ? write_messages(f) : write_bytes(f);

	if (n < 0) {
		/* A message that failed for good has been dealt with. */
		if (n != STREAM_ERROR)
			flow_sink_refused(f, n);
		return false;
	}
	if (f->messages->count < before)
		flow_pause(f, now);
	return true;
}

static void
packet_drain(struct flow *f, int64_t now)
{
	ssize_t n;

	while (f->paused_until == 0) {
		if (buffer_used(&f->buffer) > 0 && message_count(f) == 0)
			cut_messages(f, 0);
		if (message_count(f) == 0)
			break;
		if (!write_next(f, now))
			return;
	}
	if (f->state != FLOW_DRAIN || !f->owes_null || packet_has_data(f))
		return;
	n = stream_write(f->to, "", 0);
	if (n == STREAM_WANT_WRITE || n == STREAM_LATER)
		flow_sink_refused(f, n);
	else
		f->owes_null = false;
}

static void
packet_clear(struct flow *f)
{
	free(f->messages);
	f->messages = NULL;
}

const struct strategy packet_strategy = {
	.name = "packet",
	.can_read = packet_can_read,
	.has_data = packet_has_data,
	.fill = packet_fill,
	.drain = packet_drain,
	.clear = packet_clear,
};
