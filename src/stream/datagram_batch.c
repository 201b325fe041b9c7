/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A stream's datagrams by the batch: where one ends and the next begins, and
 * what became of those in the middle.
 */
#include <errno.h>
#include <string.h>

#include "net/batch.h"
#include "net/errqueue.h"
#include "net/socket.h"
#include "observe/event.h"
#include "stream/datagram_impl.h"
#include "stream/reconnect.h"

/*
 * UDP_GRO has made one item of several datagrams, here they become several
 * again.  Returns false if they are more than the kernel should ever put
 * together.
 */
static bool
add_messages(struct messages *m, const struct batch_item *item)
{
	size_t left = item->length, segment = (size_t)item->source.segment;

	if (segment == 0 || segment > left)
		segment = left;
	if (left > segment * (MESSAGES_MAX - m->first - m->count))
		return false;
	for (; left > segment; left -= segment)
		messages_add(m, segment);
	messages_add(m, left);
	return true;
}

int
datagram_read_messages(struct stream *s, uint8_t *space, size_t size, int count,
    struct messages *messages)
{
	struct datagram *d = (struct datagram *)s;
	struct batch_item items[BATCH_MAX];
	uint8_t *from = space;
	int n, mine = 0;

	if (!datagram_is_batched(&d->options))
		return stream_read_message(s, space, size, messages);
	n = batch_receive(s->in, space, size, count, items);
	if (n == -1)
		return (int)datagram_read_failed(d);
	datagram_count_reads(d, n, n < count);
	if (d->reconnect != NULL)
		d->reconnect->ops->answered(d->reconnect);
	for (int i = 0; i < n; i++, from += size) {
		if (!datagram_is_mine(d, &items[i].source))
			continue;
		if (items[i].is_cut || !add_messages(messages, &items[i])) {
			event_say(EVENT_DATAGRAMS_TOO_LONG,
			    .peer = stream_source(s), .bytes = items[i].length);
			continue;
		}
		memmove(space, from, items[i].length);
		space += items[i].length;
		mine++;
	}
	return mine > 0 ? n : STREAM_WANT_READ;
}

/*
 * A batch that stops in the middle has met an error about an earlier
 * datagram, which sendmmsg(2) forgets.  The error queue does not.
 */
static int
find_deferred_error(int fd)
{
	int error = socket_error(fd), queued = errqueue_clear(fd);

	return error != 0 ? error : queued;
}

static int
send_batch(struct datagram *d, const uint8_t *bytes, const struct messages *m)
{
	const uint32_t *lengths = m->lengths + m->first;
	int n;

	datagram_recovers(d, 0);
	do
		n = batch_send(d->stream.out, bytes, lengths, m->count,
		    d->is_connected ? NULL : &d->route, &d->use_gso);
	while (n == -1 && datagram_recovers(d, errno));
	for (int i = 0; d->reconnect != NULL && i < n; bytes += lengths[i++])
		d->reconnect->ops->sent(d->reconnect, bytes, lengths[i]);
	return n;
}

int
datagram_write_messages(
    struct stream *s, const uint8_t *bytes, const struct messages *m)
{
	struct datagram *d = (struct datagram *)s;
	int n;

	if (!datagram_is_batched(&d->options))
		return stream_write_message(s, bytes, m);
	if (d->deferred_error != 0 &&
	    !datagram_recovers(d, d->deferred_error)) {
		errno = d->deferred_error;
		d->deferred_error = 0;
		return STREAM_ERROR;
	}
	n = send_batch(d, bytes, m);
	if (n > 0 && (size_t)n < m->count)
		d->deferred_error = find_deferred_error(s->out);
	return (int)stream_write_code(n);
}
