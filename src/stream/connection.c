/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Plain recv(2) and send(2).  A reset is an error here, behind the bytes
 * that came before it.
 */
#include "stream/connection.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "net/address.h"
#include "net/missing.h"
#include "net/socket.h"
#include "net/transport.h"
#include "stream/stream.h"

/* A peer that has ended is asked after this long whether it still exists. */
enum { PROBE_AFTER_S = 10, PROBE_EVERY_S = 10, PROBES = 5 };

/* What poll(2) waits for while reads are batched: a segment's worth. */
enum { BATCH = 64 * 1024 };

/*
 * When a peer's system is lost although bytes are on their way to it: after
 * so many retransmissions, or window probes, without an answer.  One of each
 * may just be waiting for its answer.
 */
enum { LOST_RETRANSMITS = 3, LOST_PROBES = 2 };

struct connection {
	struct stream stream;
	int64_t lost_after; /* ms without any answer; 0: never */
	int error;          /* that poll(2) told of last; 0: none */
	bool aborts;        /* SO_LINGER is on, with no time */
	bool is_shut;       /* a FIN has been sent */
};

static ssize_t
connection_read(struct stream *s, void *bytes, size_t length)
{
	return stream_read_code(recv(s->in, bytes, length, MSG_DONTWAIT));
}

static ssize_t
connection_write(struct stream *s, const void *bytes, size_t length)
{
	return stream_write_code(
	    send(s->out, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL));
}

/* SO_LINGER without time: RFC 9293 section 3.10.5 calls it an abort. */
static void
connection_set_abort(struct stream *s, bool on)
{
	struct connection *c = (struct connection *)s;
	const struct linger linger = { .l_onoff = on };

	if (c->aborts == on || s->never_aborts ||
	    s->transport->domain != TRANSPORT_INET)
		return;
	c->aborts = setsockopt(s->out, SOL_SOCKET, SO_LINGER, &linger,
			sizeof(linger)) == 0
	    ? on
	    : c->aborts;
}

static int
connection_shut(struct stream *s)
{
	struct connection *c = (struct connection *)s;

	connection_set_abort(s, false);
	if (socket_shut(s->out) == -1)
		return STREAM_ERROR;
	c->is_shut = true;
	return 0;
}

static int
connection_error(struct stream *s)
{
	struct connection *c = (struct connection *)s;
	int error = socket_error(s->out);

	if (error != 0)
		c->error = error;
	return error;
}

static void
connection_probe(struct stream *s)
{
	const int on = 1, idle = PROBE_AFTER_S, every = PROBE_EVERY_S,
		  count = PROBES;
	int fd = s->out;

	/* Never or sooner by --keepalive, or no network could lose it. */
	if (s->watch_every < 1000 * PROBE_EVERY_S)
		return;
	/* Best effort: a transport without them has no peer to lose. */
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every, sizeof(every));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof(count));
}

static size_t
connection_unsent(struct stream *s)
{
	int bytes;

	/* Local transports deliver as they write. */
	if (s->transport->domain != TRANSPORT_INET ||
	    ioctl(s->out, SIOCOUTQ, &bytes) == -1 || bytes <= 0)
		return 0;
	/* A FIN counts as a byte, the last one. */
	return (size_t)bytes - ((struct connection *)s)->is_shut;
}

static bool
tcp_information(const struct stream *s, struct tcp_info *info)
{
	socklen_t length = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return s->transport->domain == TRANSPORT_INET &&
	    getsockopt(s->out, IPPROTO_TCP, TCP_INFO, info, &length) == 0;
}

static int64_t
connection_round_trip(struct stream *s)
{
	struct tcp_info info;

	return tcp_information(s, &info) ? info.tcpi_rtt / 1000 : 0;
}

/*
 * Keepalive probes do not run while bytes are unacknowledged, and
 * TCP_USER_TIMEOUT would also end a connection whose peer answers but does
 * not read.  So the kernel's counts of what went unanswered decide.
 */
static bool
connection_is_lost(struct stream *s)
{
	const struct connection *c = (const struct connection *)s;
	struct tcp_info info;

	if (!tcp_information(s, &info))
		return false;
	/*
	 * Its error was read already, here or by a command that shares the
	 * socket.  MPTCP shows one path of several.
	 */
	if (info.tcpi_state == TCP_CLOSE &&
	    s->transport->protocol == IPPROTO_TCP) {
		errno = c->error != 0 ? c->error : ECONNRESET;
		return true;
	}
	if (c->lost_after == 0 || info.tcpi_last_ack_recv < c->lost_after)
		return false;
	errno = ETIMEDOUT;
	return info.tcpi_retransmits >= LOST_RETRANSMITS ||
	    info.tcpi_probes >= LOST_PROBES;
}

/* Fewer wake-ups, each for more. */
static void
connection_batch_reads(struct stream *s, bool on)
{
	const int least = on ? BATCH : 1;

	setsockopt(s->in, SOL_SOCKET, SO_RCVLOWAT, &least, sizeof(least));
}

/* Fewer segments, each full: Nagle's algorithm, RFC 896. */
static void
connection_batch_writes(struct stream *s, bool on)
{
	const int no_delay = !on;

	setsockopt(
	    s->out, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof(no_delay));
}

/* Linux has O_NONBLOCK for splice(2) and sendfile(2), and no flag. */
static void
connection_set_waits(struct stream *s, bool on)
{
	int saved = errno;

	descriptor_set_blocking(s->out, on);
	errno = saved;
}

/*
 * From a non-blocking socket splice(2) takes the first segment and returns,
 * which costs a third of the speed; from a blocking one it takes all that
 * has come.  It would wait only if nothing had, which poll(2) rules out, or
 * nothing but a mark of urgent data, which it does not get past: then the
 * shortest timeout there is ends the wait, one tick of the kernel's clock.
 * All other calls here never wait, by MSG_DONTWAIT.
 */
static void
connection_prepare_splice(struct stream *s)
{
	const struct timeval least = { .tv_usec = 1 };

	setsockopt(s->in, SOL_SOCKET, SO_RCVTIMEO, &least, sizeof(least));
	connection_set_waits(s, true);
}

static void
connection_free(struct stream *s)
{
	if (s->is_reset)
		connection_set_abort(s, true);
	close(s->in);
	free(s);
}

static const struct stream_kind connection_kind = {
	.is_connection = true,
	.read = connection_read,
	.write = connection_write,
	.shut = connection_shut,
	.error = connection_error,
	.probe = connection_probe,
	.set_abort = connection_set_abort,
	.unsent = connection_unsent,
	.round_trip = connection_round_trip,
	.is_lost = connection_is_lost,
	.batch_reads = connection_batch_reads,
	.batch_writes = connection_batch_writes,
	.prepare_splice = connection_prepare_splice,
	.set_waits = connection_set_waits,
	.free = connection_free,
};

/* Others have no splice of their own: the kernel would copy, and worse. */
static enum stream_medium
medium_of(const struct transport *transport)
{
	bool is_tcp = transport->domain == TRANSPORT_INET &&
	    transport->protocol == IPPROTO_TCP;

	return is_tcp || transport->domain == TRANSPORT_UNIX ? STREAM_SOCKET
							     : STREAM_OPAQUE;
}

struct stream *
connection_new(int fd, const struct transport *transport,
    const struct socket_options *options, const struct address *peer)
{
	struct connection *c = calloc(1, sizeof(*c));
	struct stream *s;

	if (c == NULL) {
		socket_reset_on_close(fd);
		close(fd);
		errno = ENOMEM;
		return NULL;
	}
	s = &c->stream;
	s->kind = &connection_kind;
	s->transport = transport;
	s->in = s->out = fd;
	s->in_medium = s->out_medium = medium_of(transport);
	if (transport->domain == TRANSPORT_INET) {
		c->lost_after = 2 * options->keepalive;
		s->watch_every = (options->keepalive + 2) / 3;
	}
	stream_set_peer(s, peer);
	return s;
}
