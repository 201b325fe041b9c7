/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A client that has shut its side may be waiting for an answer.  Its end of
 * file is looked at once.
 */
#include "run/hangup.h"

#include <errno.h>
#include <poll.h>

#include "base/loop.h"
#include "stream/stream.h"

void
hangup_want(struct hangup *h, const struct stream *stream, struct poll_set *set)
{
	h->slot = -1;
	if (stream->in != -1 && !h->is_left)
		h->slot = poll_set_append(
		    set, stream->in, h->is_half_closed ? 0 : POLLRDHUP);
}

bool
hangup_is_gone(
    struct hangup *h, struct stream *stream, const struct poll_set *set)
{
	short events = poll_set_events(set, h->slot);

	h->has_error = events & POLLERR && !h->is_half_closed;
	if (events & POLLRDHUP) {
		h->is_half_closed = true;
		stream_probe(stream);
	}
	if ((events & (POLLERR | POLLHUP)) == 0)
		return false;
	h->is_left = stream_input_queued(stream) > 0;
	return !h->is_left;
}

bool
hangup_is_abort(struct hangup *h, struct stream *stream)
{
	int error;

	if (!h->has_error)
		return false;
	h->has_error = false;
	/* EPIPE: its end of file came before the reset. */
	error = stream_error(stream);
	return error != 0 && error != EPIPE;
}
