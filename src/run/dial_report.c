/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * With -v each failure is reported when it happens.  Without it, failures are
 * reported only if no address succeeds.
 */
#include "run/dial_report.h"

#include <string.h>

#include "dial/dial.h"
#include "dial/target.h"
#include "net/address.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/stream.h"

static void
say_failure(
    const struct target *t, const char *client, const struct dial_failure *f)
{
	struct event_end peer = { 0 };
	char text[1024];

	if (f->address != NULL)
		peer = address_end(f->address);
	dial_failure_format(f, t, text, sizeof(text));
	event_say(EVENT_CONNECT_FAILED, .client = client, .peer = peer,
	    .where = text, .what = f->what, .reason = f->reason,
	    .host = target_host(t), .service = t->port,
	    .transport = t->transport->name, .stage = dial_stage_name(f->stage),
	    .error = f->error);
}

void
dial_report_start(const struct target *t, const char *client, int error)
{
	const struct dial_failure failure = {
		.stage = DIAL_CONNECT, .error = error, .reason = strerror(error)
	};

	say_failure(t, client, &failure);
}

void
dial_report_failure(
    const struct target *t, const char *client, const struct dial_failure *f)
{
	if (log_enabled(LOG_EVENTS))
		say_failure(t, client, f);
}

void
dial_report_result(const struct target *t, const char *client,
    const struct dial_result *result)
{
	const struct dial_failure *f;

	if (result->stream != NULL) {
		target_announce(t, &result->stream->peer, client);
		return;
	}
	STAILQ_FOREACH(f, result->failures, others)
	if (!log_enabled(LOG_EVENTS))
		say_failure(t, client, f);
}
