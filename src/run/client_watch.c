/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A client that has left without a reset looks like one that has sent
 * everything and listens.  A probe makes the system find out which it is.
 */
#include "run/client_watch.h"

#include <errno.h>
#include <poll.h>

#include "base/loop.h"
#include "stream/stream.h"

enum {
	BEGIN_MS = 200, /* after the start */
	READ_MS = 2000, /* for a command to read what its client left */
};

void
client_watch_begin(struct client_watch *w, struct stream *client, int64_t now)
{
	client_watch_stop(w);
	w->client = client;
	w->begin_at = loop_after(now, BEGIN_MS);
}

void
client_watch_stop(struct client_watch *w)
{
	*w = (struct client_watch){ .slot = -1,
		.begin_at = LOOP_NEVER,
		.lost_at = LOOP_NEVER,
		.end_at = LOOP_NEVER };
}

void
client_watch_want(struct client_watch *w, struct poll_set *set)
{
	w->slot = -1;
	if (w->is_on)
		w->slot = poll_set_append(
		    set, w->client->in, w->is_half_closed ? 0 : POLLRDHUP);
}

int64_t
client_watch_deadline(const struct client_watch *w)
{
	return loop_earlier(w->begin_at, loop_earlier(w->lost_at, w->end_at));
}

static void
watch_begin(struct client_watch *w, int64_t now)
{
	w->begin_at = LOOP_NEVER;
	w->is_on = true;
	if (w->client->watch_every > 0)
		w->lost_at = loop_after(now, w->client->watch_every);
}

/*
 * What a client sent before it left may be a job to be done.  A command that
 * reads may have met the error first, which is then its own to report.
 */
static enum client_watch_verdict
watch_left(struct client_watch *w, bool is_reset, int64_t now)
{
	enum client_watch_verdict verdict = CLIENT_STAYS;

	w->unread = stream_input_queued(w->client);
	if (is_reset && stream_error(w->client) == ETIMEDOUT)
		verdict |= CLIENT_LOST;
	w->is_on = false;
	w->lost_at = LOOP_NEVER;
	if (is_reset && w->unread == 0)
		return verdict | CLIENT_LEFT;
	w->end_at = loop_after(now, READ_MS);
	return verdict;
}

/* A command that still reads what its client left gets more time. */
static enum client_watch_verdict
check_reading(struct client_watch *w, int64_t now)
{
	size_t unread = stream_input_queued(w->client);

	if (unread >= w->unread)
		return CLIENT_LEFT;
	w->unread = unread;
	w->end_at = loop_after(now, READ_MS);
	return CLIENT_STAYS;
}

/* What the command writes is on its way to a machine that answers no more. */
static enum client_watch_verdict
check_lost(struct client_watch *w, int64_t now)
{
	w->lost_at = loop_after(now, w->client->watch_every);
	if (stream_unsent(w->client) == 0 || !stream_is_lost(w->client))
		return CLIENT_STAYS;
	return CLIENT_LOST | CLIENT_LEFT;
}

enum client_watch_verdict
client_watch_step(
    struct client_watch *w, const struct poll_set *set, int64_t now)
{
	short events = poll_set_events(set, w->slot);

	if (w->begin_at <= now)
		watch_begin(w, now);
	/* It may have been stopped in this turn, after poll(2). */
	if (w->is_on && events & POLLRDHUP) {
		w->is_half_closed = true;
		stream_probe(w->client);
	}
	if (w->is_on && events & (POLLERR | POLLHUP))
		return watch_left(w, events & POLLERR, now);
	if (w->end_at <= now)
		return check_reading(w, now);
	return w->lost_at <= now ? check_lost(w, now) : CLIENT_STAYS;
}
