/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Cuts a stream of bytes into messages: at lines with -i and --lines, and at
 * the datagram size.
 */
#include <string.h>

#include "relay/packet_impl.h"

size_t
packet_cut_size(const struct flow *f)
{
	size_t size = f->options.datagram_size;

	/* A line is not cut to avoid fragments. */
	if (size == 0 && f->options.cuts_lines)
		size = PACKET_READ;
	if (size == 0)
		size = f->to->message_size;
	return size < PACKET_READ ? size : PACKET_READ;
}

bool
packet_cuts_lines(const struct flow *f)
{
	return f->options.line_delay != 0 || f->options.cuts_lines;
}

size_t
packet_cut_length(const struct flow *f, const uint8_t *at, size_t left)
{
	size_t max = packet_cut_size(f);
	size_t length = left < max ? left : max;
	const uint8_t *newline = NULL;
	bool is_partial;

	if (packet_cuts_lines(f) && length > 0)
		newline = memchr(at, '\n', length);
	if (newline != NULL)
		length = (size_t)(newline - at) + 1;
	is_partial = packet_cuts_lines(f) && newline == NULL && length < max;
	return is_partial && f->state == FLOW_OPEN ? 0 : length;
}

void
packet_cut(struct flow *f, struct messages *m, size_t start)
{
	const uint8_t *at = buffer_head(&f->buffer) + start;
	size_t left = buffer_used(&f->buffer) - start, length;

	while (m->count < MESSAGES_MAX &&
	    (length = packet_cut_length(f, at, left)) > 0) {
		messages_add(m, length);
		at += length;
		left -= length;
	}
}
