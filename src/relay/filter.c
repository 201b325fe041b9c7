/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Reading for strategies: through the filters of a flow, at the pace that -i
 * sets.
 */
#include <errno.h>
#include <string.h>

#include "base/loop.h"
#include "observe/event.h"
#include "relay/flow.h"
#include "stream/stream.h"

/* Answers queue behind what is held; a flood of them is not kept. */
static void
answer(struct flow *f, const uint8_t *answers, size_t length)
{
	enum { ANSWERS_MAX = 128 * 1024 };

	if (length == 0 || f->state == FLOW_SHUT ||
	    buffer_used(&f->buffer) > ANSWERS_MAX)
		return;
	if (buffer_append(&f->buffer, answers, length) == -1)
		event_failed(f->name, errno);
}

/*
 * Through the filters: what is read goes to a second place first.  Each of
 * the two filters on the way out may double it.
 */
static int64_t
read_filtered(struct flow *f, size_t length)
{
	enum { FILTERED_READ = 16 * 1024 };
	const struct flow_options *o = &f->options;
	uint8_t *raw, *middle, *out;
	ssize_t n;
	size_t used, answers;

	if (length > FILTERED_READ && !f->from->reads_messages)
		length = FILTERED_READ;
	raw = buffer_reserve(&f->scratch, 3 * length + 3);
	out = buffer_reserve(&f->buffer, 4 * length);
	if (raw == NULL || out == NULL)
		return STREAM_LATER;
	middle = raw + length;
	n = stream_read(f->from, raw, length);
	if (n < 0)
		return n;
	used = (size_t)n;
	if (o->answers != NULL) {
		telnet_decode(
		    &f->telnet, raw, used, out, &used, middle, &answers);
		answer(o->answers, middle, answers);
	} else if (o->crlf && o->telnet_encode) {
		used = crlf_encode(&f->crlf, raw, used, middle);
		used = telnet_encode(middle, used, out);
	} else if (o->crlf) {
		used = crlf_encode(&f->crlf, raw, used, out);
	} else {
		used = telnet_encode(raw, used, out);
	}
	buffer_commit(&f->buffer, used);
	return n;
}

bool
flow_is_filtered(const struct flow *f)
{
	const struct flow_options *o = &f->options;

	return o->answers != NULL || o->crlf || o->telnet_encode;
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
	if (n > 0)
		buffer_commit(&f->buffer, (size_t)n);
	return n;
}

size_t
flow_line_length(const struct flow *f, const uint8_t *bytes, size_t length)
{
	const uint8_t *newline;

	if (f->options.line_delay == 0 || length == 0)
		return length;
	newline = memchr(bytes, '\n', length);
	return newline == NULL ? length : (size_t)(newline - bytes) + 1;
}

void
flow_pause(struct flow *f, int64_t now)
{
	if (f->options.line_delay != 0)
		f->paused_until = loop_after(now, f->options.line_delay);
}
