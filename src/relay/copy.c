/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The copy strategy: bytes through a buffer, one read and one write for
 * each wake-up where the sink keeps up.
 */
#include "relay/copy.h"

#include <errno.h>
#include <string.h>

#include "relay/filter.h"
#include "relay/flow.h"
#include "stream/stream.h"

/* The most that is held; the next read waits until half of it is free. */
enum { COPY_BUFFER = 128 * 1024, COPY_READ = COPY_BUFFER / 2 };

bool
copy_can_read(const struct flow *f)
{
	return buffer_used(&f->buffer) <= COPY_BUFFER - COPY_READ;
}

bool
copy_has_data(const struct flow *f)
{
	return buffer_used(&f->buffer) > 0;
}

struct strategy_result
copy_fill(struct flow *f)
{
	int64_t n = flow_read(f, COPY_READ);

	return strategy_source(n, errno);
}

/* How many of the held bytes may be written now. */
static size_t
paced_length(const struct flow *f, const uint8_t *head)
{
	size_t length = buffer_used(&f->buffer);
	const uint8_t *newline;

	if (f->options.line_delay == 0)
		return length;
	newline = memchr(head, '\n', length);
	return newline == NULL ? length : (size_t)(newline - head) + 1;
}

struct strategy_result
copy_drain(struct flow *f)
{
	while (copy_has_data(f)) {
		const uint8_t *head = buffer_head(&f->buffer);
		ssize_t n = stream_write(f->to, head, paced_length(f, head));

		if (n < 0)
			return strategy_sink(n, errno);
		flow_saw(f, FLOW_SINK, head, (size_t)n);
		buffer_consume(&f->buffer, (size_t)n);
		/* A line may arrive in pieces; only its end completes it. */
		if (f->options.line_delay != 0 && n > 0 && head[n - 1] == '\n')
			return (struct strategy_result){ .ends_line = true };
	}
	return (struct strategy_result){ 0 };
}

const struct strategy copy_strategy = {
	.name = "copy",
	.can_read = copy_can_read,
	.has_data = copy_has_data,
	.fill = copy_fill,
	.drain = copy_drain,
};
