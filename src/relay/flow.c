/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "relay/flow.h"

#include "observe/event.h"
#include "relay/error_filter.h"
#include "stream/stream.h"

static const char *
state_name(enum flow_state state)
{
	static const char *const names[] = { "open", "drain", "written",
		"shut" };

	return names[state];
}

void
flow_set_state(struct flow *f, enum flow_state state)
{
	if (f->state == state)
		return;
	event_say(EVENT_FLOW_STATE, .direction = f->name,
	    .old_state = state_name(f->state), .state = state_name(state));
	f->state = state;
	f->has_moved = true;
}

bool
flow_has_data(const struct flow *f)
{
	return f->strategy->has_data(f);
}

static void
count_read(struct flow *f, size_t length)
{
	f->bytes_in += length;
	f->reads++;
	if (f->from->is_connectionless)
		error_filter_heard(f->options.error_filter, f->from);
	event_say(EVENT_READ, .direction = f->name, .bytes = length);
}

static void
count_written(struct flow *f, size_t length)
{
	f->bytes_out += length;
	f->from->passed_on += length;
	event_say(EVENT_WROTE, .direction = f->name, .bytes = length);
}

void
flow_saw(struct flow *f, enum flow_side side, const void *bytes, size_t length)
{
	f->has_moved = true;
	f->short_since = 0;
	backoff_succeed(&f->shortage);
	if (side == FLOW_SOURCE)
		count_read(f, length);
	else
		count_written(f, length);
	if (f->options.tap != NULL)
		f->options.tap(f->options.tap_context, side, bytes, length);
}

bool
flow_is_limited(const struct flow *f)
{
	return f->options.read_limit != 0 && f->reads >= f->options.read_limit;
}
