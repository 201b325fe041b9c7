/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * UDP is read in batches.  A unix message may have any size, which is asked
 * for first.
 */
#include "stream/receiver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "net/address_text.h"
#include "net/batch.h"
#include "net/socket.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/stream.h"

enum { RECEIVE_BYTES = 1024 * 1024 /* mostly */ };

static bool
is_inet(const struct receiver *r)
{
	return r->options.transport->domain == TRANSPORT_INET;
}

void
receiver_init(
    struct receiver *r, int fd, const struct datagram_options *options)
{
	struct address local;

	*r = (struct receiver){ .fd = fd, .slot = -1, .options = *options };
	socket_local(fd, &local);
	address_format(&local, r->name, sizeof(r->name));
}

void
receiver_clear(struct receiver *r)
{
	if (is_inet(r))
		overflow_end(&r->overflow, r->fd, r->name);
	free(r->space);
}

static bool
has_space(struct receiver *r, size_t size)
{
	uint8_t *space;

	if (size < RECEIVE_BYTES)
		size = RECEIVE_BYTES;
	if (size <= r->size)
		return true;
	space = realloc(r->space, size);
	if (space == NULL)
		return false;
	r->space = space;
	r->size = size;
	return true;
}

static int
read_batch(
    struct receiver *r, receiver_heard *heard, void *context, int64_t now)
{
	struct batch_item items[BATCH_MAX];
	int count = RECEIVE_BYTES / UDP_MESSAGE_MAX, n;

	if (!has_space(r, RECEIVE_BYTES))
		return -1;
	n = batch_receive(r->fd, r->space, UDP_MESSAGE_MAX, count, items);
	for (int i = 0; i < n; i++) {
		if (datagram_is_too_far(&r->options, &items[i].source))
			continue;
		heard(context, r, &items[i].source,
		    r->space + (size_t)i * UDP_MESSAGE_MAX, items[i].length,
		    now);
	}
	if (n >= 0)
		overflow_read(&r->overflow, r->fd, r->name, n, n < count);
	return n < 0 ? -1 : n == count;
}

static int
read_message(
    struct receiver *r, receiver_heard *heard, void *context, int64_t now)
{
	struct datagram_source source;
	ssize_t n = message_size(r->fd);

	if (n == -1 || !has_space(r, (size_t)n))
		return -1;
	n = datagram_receive(r->fd, r->space, r->size, 0, &r->options, &source);
	if (n == -1)
		return -1;
	heard(context, r, &source, r->space, (size_t)n, now);
	return 1;
}

/* An error that does not pass leaves poll(2) ready for ever. */
void
receiver_failed(struct receiver *r, int error, int64_t now)
{
	if (error == EAGAIN || error == EINTR || stream_is_news(error))
		return;
	if (!backoff_is_shortage(error))
		r->is_dead = true;
	if (r->is_dead || backoff_fail(&r->backoff, now))
		event_failed(r->name, error);
}

bool
receiver_read(
    struct receiver *r, receiver_heard *heard, void *context, int64_t now)
{
	int result = is_inet(r) ? read_batch(r, heard, context, now)
				: read_message(r, heard, context, now);

	if (result >= 0 || errno == EAGAIN)
		backoff_succeed(&r->backoff);
	else
		receiver_failed(r, errno, now);
	return result > 0;
}
