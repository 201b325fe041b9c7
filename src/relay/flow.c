/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "relay/flow.h"

#include "observe/log.h"
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
	log_line(LOG_STATES, "%s: %s -> %s", f->name, state_name(f->state),
	    state_name(state));
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
	if (log_enabled(LOG_CALLS))
		log_line(LOG_CALLS, "%s: read %zu", f->name, length);
}

static void
count_written(struct flow *f, size_t length)
{
	f->bytes_out += length;
	f->from->passed_on += length;
	if (log_enabled(LOG_CALLS))
		log_line(LOG_CALLS, "%s: wrote %zu", f->name, length);
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
