/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "relay/error_filter.h"

#include <errno.h>
#include <string.h>

#include "observe/event.h"

static struct error_run *
run_about(struct error_filter *filter, const struct stream *stream)
{
	struct error_run *run = &filter->runs[0];

	if (run->about != NULL && run->about != stream)
		run = &filter->runs[1];
	run->about = stream;
	return run;
}

void
error_filter_add(struct error_filter *filter, const struct stream *stream,
    const char *name, int error, size_t length)
{
	struct error_run *run = run_about(filter, stream);

	/* After ECONNREFUSED, unix(7) has disconnected the socket. */
	if (error == ENOTCONN)
		error = ECONNREFUSED;
	filter->are_any = true;
	run->name = name;
	run->count++;
	if (run->last == error)
		return;
	run->last = error;
	if (error == EMSGSIZE && length > 0)
		event_say(EVENT_DATAGRAM_FAILED, .what = name, .bytes = length,
		    .error = error);
	else
		event_failed(name, error);
}

static void
end_run(struct error_run *run, const char *how)
{
	if (run->count > 1)
		event_say(EVENT_DATAGRAM_ERRORS, .what = run->name,
		    .reason = how, .count = run->count);
	run->last = 0;
	run->count = 0;
}

void
error_filter_heard(struct error_filter *filter, const struct stream *stream)
{
	struct error_run *run = run_about(filter, stream);

	if (run->last != 0)
		end_run(run, "answers after");
}

void
error_filter_end(struct error_filter *filter)
{
	end_run(&filter->runs[0], "ended with");
	end_run(&filter->runs[1], "ended with");
}
