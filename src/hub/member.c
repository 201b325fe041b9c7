/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What waits for a client, and the end of its membership.  The hub has counts
 * and lists of its members, and never walks over all of them to learn
 * something.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "hub/hub_impl.h"
#include "observe/event.h"

enum {
	QUEUE_FULL = 256 * 1024,  /* bytes for one client; senders wait */
	MESSAGE_SIZE = 64 * 1024, /* at most, that bytes are cut into */
	STAY_MS = 1000,           /* for one that sent something and ended */
};

bool
member_is_over(const struct member *m)
{
	return m->hub->is_finished || m->is_closing;
}

static void
set_full(struct member *m, bool is_full)
{
	if (is_full == m->is_full)
		return;
	m->is_full = is_full;
	if (is_full)
		m->hub->full++;
	else
		m->hub->full--;
	turns_give(m->hub);
}

static struct member_list *
spare_list(const struct member *m)
{
	struct hub *hub = m->hub;

	return m->has_sent && !hub->options.keeps_ended ? &hub->ended_speakers
							: &hub->ended_listeners;
}

static void
set_spare(struct member *m, bool is_spare)
{
	if (is_spare == m->is_spare)
		return;
	m->is_spare = is_spare;
	if (is_spare) {
		m->close_at = loop_after(loop_now(), STAY_MS);
		TAILQ_INSERT_TAIL(spare_list(m), m, ended);
	} else {
		TAILQ_REMOVE(spare_list(m), m, ended);
	}
}

/* Whether its client's relay can read from it; turns.c has the rest. */
static void
set_readable(struct member *m)
{
	short ready = m->stream.ready & POLLOUT;

	if (outqueue_used(&m->queue) > 0 || member_is_over(m))
		ready |= POLLIN;
	if (m->is_dropped)
		ready |= POLLERR | POLLHUP;
	m->stream.ready = ready;
}

void
member_update(struct member *m)
{
	struct hub *hub = m->hub;
	size_t used = outqueue_used(&m->queue);
	bool is_live = !m->is_dropped && !m->is_given_up && !member_is_over(m);

	hub->live -= m->is_live;
	hub->live += is_live;
	m->is_live = is_live;
	set_full(m, is_live && used >= QUEUE_FULL);
	progress_set_timed(m,
	    !m->is_dropped && !m->is_given_up &&
		(m->is_full || m->is_closing || hub->is_draining));
	set_spare(m, is_live && m->is_ended && used == 0);
	set_readable(m);
}

void
member_drop(struct member *m, const char *why)
{
	if (m->is_dropped)
		return;
	event_say(EVENT_MEMBER_SLOW, .peer = stream_source(&m->stream),
	    .reason = why,
	    .lost = outqueue_used(&m->queue) + stream_unsent(m->client));
	/* It must not take what it got for everything. */
	m->client->is_reset = true;
	m->is_dropped = true;
	outqueue_clear(&m->queue);
	member_update(m);
}

void
member_close(struct member *m)
{
	if (m->is_closing)
		return;
	event_say(EVENT_MEMBER_LEAVES, .peer = stream_source(&m->stream));
	m->is_closing = true;
	m->hub->closing++;
	member_update(m);
}

/* The most bytes of a stream in one message to this client. */
static size_t
cut_size(const struct member *m)
{
	size_t max = m->hub->options.datagram_size;

	if (max == 0)
		max = m->client->message_size;
	return max < MESSAGE_SIZE ? max : MESSAGE_SIZE;
}

static int
queue_add(
    struct member *m, const uint8_t *bytes, size_t length, bool is_message)
{
	size_t max = length;

	if (m->queue.keeps_messages && !is_message)
		max = cut_size(m);
	if (length > m->stream.message_max)
		m->stream.message_max = length;
	do {
		size_t n = length < max ? length : max;

		if (outqueue_add(&m->queue, bytes, n) == -1)
			return -1;
		bytes += n;
		length -= n;
	} while (length > 0);
	return 0;
}

void
member_push(
    struct member *m, const uint8_t *bytes, size_t length, bool is_message)
{
	if (!m->is_live)
		return;
	if (queue_add(m, bytes, length, is_message) == -1)
		member_drop(m, strerror(errno));
	else
		member_update(m);
}

void
member_join(struct member *m)
{
	struct hub *hub = m->hub;

	hub->users++;
	m->number = ++hub->joined;
	TAILQ_INSERT_TAIL(&hub->members, m, others);
	member_update(m);
}

void
member_leave(struct member *m)
{
	struct hub *hub = m->hub;

	hub->closing -= m->is_closing;
	m->is_dropped = true; /* it counts no more */
	member_update(m);
	turns_leave(m);
	TAILQ_REMOVE(&hub->members, m, others);
	hub_release(hub);
}
