/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "relay/filter.h"

#include <errno.h>

#include "observe/event.h"
#include "stream/stream.h"

bool
flow_is_filtered(const struct flow *f)
{
	const struct flow_options *o = &f->options;

	return o->answers != NULL || o->crlf || o->telnet_encode;
}

/* Answers queue behind the held bytes; beyond a limit they are dropped. */
static void
queue_answer(struct flow *f, const uint8_t *answers, size_t length)
{
	enum { ANSWERS_MAX = 128 * 1024 };

	if (length == 0 || f->state == FLOW_SHUT ||
	    buffer_used(&f->buffer) > ANSWERS_MAX)
		return;
	if (buffer_append(&f->buffer, answers, length) == -1)
		event_failed(f->name, errno);
}

/* Returns how many bytes come out.  Each of the two encoders may double it. */
static size_t
apply_filters(struct flow *f, const uint8_t *raw, size_t length,
    uint8_t *middle, uint8_t *out)
{
	const struct flow_options *o = &f->options;
	size_t used, answers;

	if (o->answers != NULL) {
		telnet_decode(
		    &f->telnet, raw, length, out, &used, middle, &answers);
		queue_answer(o->answers, middle, answers);
		return used;
	}
	if (!o->telnet_encode)
		return crlf_encode(&f->crlf, raw, length, out);
	if (o->crlf) {
		length = crlf_encode(&f->crlf, raw, length, middle);
		raw = middle;
	}
	return telnet_encode(raw, length, out);
}

/* What is read goes to a second buffer first. */
static int64_t
read_filtered(struct flow *f, size_t length)
{
	enum { FILTERED_READ = 16 * 1024 };
	uint8_t *raw, *out;
	ssize_t n;

	if (length > FILTERED_READ && !f->from->reads_messages)
		length = FILTERED_READ;
	raw = buffer_reserve(&f->scratch, 3 * length + 3);
	out = buffer_reserve(&f->buffer, 4 * length);
	if (raw == NULL || out == NULL)
		return STREAM_LATER;
	n = stream_read(f->from, raw, length);
	if (n < 0)
		return n;
	flow_saw(f, FLOW_SOURCE, raw, (size_t)n);
	buffer_commit(
	    &f->buffer, apply_filters(f, raw, (size_t)n, raw + length, out));
	return n;
}

int64_t
flow_read(struct flow *f, size_t length)
{
	uint8_t *space;
	ssize_t n;

	if (flow_is_filtered(f))
		return read_filtered(f, length);
	space = buffer_reserve(&f->buffer, length);
	if (space == NULL)
		return STREAM_LATER;
	n = stream_read(f->from, space, length);
	if (n < 0)
		return n;
	flow_saw(f, FLOW_SOURCE, space, (size_t)n);
	buffer_commit(&f->buffer, (size_t)n);
	return n;
}
