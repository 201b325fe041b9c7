/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What the program tells while it runs.  Each event is a row of one table
 * (observe/events.c): its name, from which level on it is told, and its line.
 * Two printers read the table: as text, and as JSON (--log-format json).
 */
#ifndef SOCKCAT_OBSERVE_EVENT_H
#define SOCKCAT_OBSERVE_EVENT_H

#include "observe/events.h"
#include "observe/fields.h"

enum event_format { EVENT_AS_TEXT, EVENT_AS_JSON };

/* Called before anything is told, and again when the format is known. */
void event_set_format(enum event_format);

/*
 * Tells an event, such as event_say(EVENT_QUEUED, .peer = ..., .count = 3).
 * The fields are not evaluated where the level is too low.  errno stays.
 */
#define event_say(id, ...)                                              \
	do {                                                            \
		if (log_enabled(event_rows[id].level))                  \
			event_print(                                    \
			    id, &(struct event_fields){ __VA_ARGS__ }); \
	} while (0)

/* The commonest: "what: why", with an errno. */
#define event_failed(what_, error_) \
	event_say(EVENT_FAILED, .what = (what_), .error = (error_))

void event_print(enum event_id, const struct event_fields *);

#endif
