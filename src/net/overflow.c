/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * SO_RXQ_OVFL delivers the count only with a datagram that arrives after the
 * ones that were dropped.
 */
#include "net/overflow.h"

#include "base/loop.h"
#include "net/socket.h"
#include "observe/event.h"

enum {
	RUN = 16, /* datagrams; few buffers are full with fewer */
	QUIET_MS = 1000,
};

static void
tell_dropped(struct overflow *o, int fd, const char *name)
{
	uint32_t dropped = socket_dropped(fd), more = dropped - o->told;

	o->told = dropped;
	if (more != 0)
		event_say(
		    EVENT_DATAGRAMS_OVERFLOW, .what = name, .count = more);
}

void
overflow_read(
    struct overflow *o, int fd, const char *name, int count, bool is_empty)
{
	int64_t now;

	o->run += (unsigned)count;
	if (!is_empty || o->run < RUN)
		return;
	now = loop_now();
	if (now < o->quiet_to)
		return;
	o->run = 0;
	o->quiet_to = loop_after(now, QUIET_MS);
	tell_dropped(o, fd, name);
}

void
overflow_end(struct overflow *o, int fd, const char *name)
{
	tell_dropped(o, fd, name);
}
