/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The copy strategy: bytes through a buffer, one read and one write for
 * each wake-up where the sink keeps up.
 */
#include "relay/flow.h"
#include "stream/stream.h"

/* Held at most; a read waits until half of it is free. */
enum { COPY_BUFFER = 128 * 1024, COPY_READ = COPY_BUFFER / 2 };

static bool
copy_can_read(const struct flow *f)
{
	return buffer_used(&f->buffer) <= COPY_BUFFER - COPY_READ;
}

static bool
copy_has_data(const struct flow *f)
{
	return buffer_used(&f->buffer) > 0;
}

static void
copy_fill(struct flow *f, int64_t now)
{
	int64_t n = flow_read(f, COPY_READ);

	(void)now;
	if (n >= 0)
		flow_count_read(f, (size_t)n);
	else
		flow_source_ended(f, n);
}

static void
copy_drain(struct flow *f, int64_t now)
{
	while (f->paused_until == 0 && copy_has_data(f)) {
		const uint8_t *head = buffer_head(&f->buffer);
		size_t length =
		    flow_line_length(f, head, buffer_used(&f->buffer));
		ssize_t n = stream_write(f->to, head, length);

		if (n < 0) {
			flow_sink_refused(f, n);
			return;
		}
		flow_count_written(f, (size_t)n);
		/* A line may come in pieces; only its end makes it one. */
		if (n > 0 && head[n - 1] == '\n')
			flow_pause(f, now);
		buffer_consume(&f->buffer, (size_t)n);
	}
}

const struct strategy copy_strategy = {
	.name = "copy",
	.can_read = copy_can_read,
	.has_data = copy_has_data,
	.fill = copy_fill,
	.drain = copy_drain,
};
