/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "relay/error_filter.h"

#include <errno.h>
#include <string.h>

#include "observe/event.h"

static struct error_run *
about(struct error_filter *c, const struct stream *stream)
{
	struct error_run *item = &c->items[0];

	if (item->about != NULL && item->about != stream)
		item = &c->items[1];
	item->about = stream;
	return item;
}

void
error_filter_add(struct error_filter *c, const struct stream *stream,
    const char *name, int error, size_t length)
{
	struct error_run *item = about(c, stream);

	/* After a refusal, unix(7) has untied the socket from its peer. */
	if (error == ENOTCONN)
		error = ECONNREFUSED;
	c->are_any = true;
	item->name = name;
	item->count++;
	if (item->last == error)
		return;
	item->last = error;
	if (error == EMSGSIZE && length > 0)
		event_say(EVENT_DATAGRAM_FAILED, .what = name, .bytes = length,
		    .error = error);
	else
		event_failed(name, error);
}

static void
finish(struct error_run *item, const char *how)
{
	if (item->count > 1)
		event_say(EVENT_DATAGRAM_ERRORS, .what = item->name,
		    .reason = how, .count = item->count);
	item->last = 0;
	item->count = 0;
}

void
error_filter_heard(struct error_filter *c, const struct stream *stream)
{
	struct error_run *item = about(c, stream);

	if (item->last != 0)
		finish(item, "answers after");
}

void
error_filter_end(struct error_filter *c)
{
	finish(&c->items[0], "ended with");
	finish(&c->items[1], "ended with");
}
