/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a datagram socket brings: whether it is this stream's, and what a
 * failure to read means.
 */
#include <errno.h>

#include "net/address_text.h"
#include "net/errqueue.h"
#include "net/mtu.h"
#include "net/overflow.h"
#include "net/socket.h"
#include "net/transport.h"
#include "observe/event.h"
#include "stream/datagram_impl.h"
#include "stream/reconnect.h"

ssize_t
datagram_receive(int fd, void *bytes, size_t length, int flags,
    const struct datagram_options *options, struct datagram_source *source)
{
	bool is_unix = options->transport->domain == TRANSPORT_UNIX;
	bool has_control;

	return message_receive(
	    fd, bytes, length, flags, is_unix, source, &has_control);
}

bool
datagram_is_too_far(const struct datagram_options *options,
    const struct datagram_source *source)
{
	if (source->ttl == 0 || source->ttl >= options->min_ttl)
		return false;
	event_say(EVENT_DATAGRAM_TOO_FAR, .peer = address_end(&source->peer),
	    .ttl = (uint64_t)source->ttl);
	return true;
}

bool
datagram_is_mine(struct datagram *d, const struct datagram_source *source)
{
	if (datagram_is_too_far(&d->options, source))
		return false;
	if (!d->is_served)
		return true;
	if (address_equal(&source->peer, &d->route.peer))
		return true;
	event_say(EVENT_DATAGRAM_IGNORED, .peer = address_end(&source->peer),
	    .client = d->stream.source);
	return false;
}

bool
datagram_recovers(struct datagram *d, int error)
{
	const struct address *peer;

	if (d->reconnect == NULL ||
	    !d->reconnect->ops->recover(d->reconnect, d->stream.in, error))
		return false;
	peer = d->reconnect->ops->peer(d->reconnect);
	datagram_set_options(d, peer);
	errqueue_clear(d->stream.in);
	d->deferred_error = 0;
	d->stream.message_size = mtu_datagram_size(d->options.transport, peer);
	stream_set_peer(&d->stream, peer);
	d->stream.local = (struct address){ 0 };
	return true;
}

/* Only the datagrams of senders that do not wait are dropped. */
void
datagram_count_reads(struct datagram *d, int count, bool is_empty)
{
	if (d->options.transport->domain == TRANSPORT_INET)
		overflow_read(&d->overflow, d->stream.in, d->stream.source,
		    count, is_empty);
}

ssize_t
datagram_read_failed(struct datagram *d)
{
	int saved = errno;

	datagram_count_reads(d, 0, true);
	if (datagram_has_errqueue(d))
		errqueue_clear(d->stream.in);
	if (datagram_recovers(d, saved))
		return STREAM_WANT_READ;
	errno = saved;
	return stream_read_code(-1);
}
