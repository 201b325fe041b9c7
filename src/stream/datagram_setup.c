/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What the system is to tell of each datagram and of those that were sent,
 * and whether they come and go in batches.
 */
#include <netinet/in.h>

#include "net/batch.h"
#include "net/errqueue.h"
#include "net/socket.h"
#include "net/transport.h"
#include "stream/datagram_impl.h"

struct datagram_options
datagram_options_from(
    const struct transport *transport, const struct socket_options *socket)
{
	return (struct datagram_options){
		.transport = transport,
		.min_ttl = socket->min_ttl,
		.one_by_one = socket->one_by_one,
	};
}

bool
datagram_is_batched(const struct datagram_options *options)
{
	return options->transport->domain == TRANSPORT_INET &&
	    options->transport->protocol == IPPROTO_UDP && !options->one_by_one;
}

bool
datagram_has_errqueue(const struct datagram *d)
{
	return d->is_served || datagram_is_batched(&d->options);
}

void
datagram_prepare(int fd, int family, const struct datagram_options *options)
{
	message_enable_local(fd, family);
	if (options->min_ttl != 0)
		message_enable_ttl(fd, family);
	errqueue_enable(fd, family);
	if (datagram_is_batched(options))
		batch_enable(fd);
}

void
datagram_set_options(struct datagram *d, const struct address *peer)
{
	int fd = d->stream.in, family = address_family(peer);

	if (d->options.min_ttl != 0)
		message_enable_ttl(fd, family);
	if (datagram_is_batched(&d->options)) {
		batch_enable(fd);
		errqueue_enable(fd, family);
	}
}
