/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A client that has shut its side may be waiting for an answer.  Its end of
 * file is looked at once.
 */
#include "run/hangup.h"

#include <poll.h>

#include "base/loop.h"
#include "stream/stream.h"

void
hangup_want(struct hangup *w, const struct stream *stream, struct poll_set *set)
{
	w->slot = -1;
	if (stream->in != -1 && !w->is_left)
		w->slot = poll_set_append(
		    set, stream->in, w->is_half_closed ? 0 : POLLRDHUP);
}

bool
hangup_is_gone(
    struct hangup *w, struct stream *stream, const struct poll_set *set)
{
	short events = poll_set_events(set, w->slot);

	if (events & POLLRDHUP) {
		w->is_half_closed = true;
		stream_probe(stream);
	}
	if ((events & (POLLERR | POLLHUP)) == 0)
		return false;
	w->is_left = stream_input_queued(stream) > 0;
	return !w->is_left;
}
