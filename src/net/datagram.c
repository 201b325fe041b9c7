/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * recvmsg(2) and sendmsg(2) with what a server of many addresses needs: the
 * address that was asked is the one that answers (IP_PKTINFO, ip(7);
 * IPV6_PKTINFO, RFC 3542 section 6).
 */
#include "net/datagram.h"

#include <sys/socket.h>

#include <netinet/in.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/errqueue.h"
#include "net/missing.h"
#include "net/socket.h"
#include "net/stream.h"
#include "net/transport.h"
#include "net/unixpath.h"
#include "observe/log.h"

/* Datagrams of others that one read passes over before it lets go. */
enum { STRANGERS_MOST = 16 };

struct datagram {
	struct stream stream;
	struct datagram_options options;
	bool is_served;    /* by a listener: strangers may write to it */
	bool is_connected; /* to its one peer, so that poll(2) knows it */
	bool is_shared;    /* anybody's datagrams; the socket is another's */
	struct datagram_source source;
	struct unixpath path;
};

union control {
	struct cmsghdr align;
	char bytes[256];
};

static void
enable(int fd, int level, int option)
{
	const int on = 1;

	setsockopt(fd, level, option, &on, sizeof(on));
}

static void
enable_ttl(int fd, int family)
{
	if (family == AF_INET)
		enable(fd, IPPROTO_IP, IP_RECVTTL);
	else if (family == AF_INET6)
		enable(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT);
}

void
datagram_prepare(int fd, int family, const struct datagram_options *options)
{
	if (family == AF_INET)
		enable(fd, IPPROTO_IP, IP_PKTINFO);
	else if (family == AF_INET6)
		enable(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO);
	if (options->min_ttl != 0)
		enable_ttl(fd, family);
	errqueue_enable(fd, family);
}

static void
set_local4(struct address *a, const struct cmsghdr *c)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct in_pktinfo info;

	memcpy(&info, CMSG_DATA(c), sizeof(info));
	in.sin_addr = info.ipi_spec_dst; /* not a group, nor broadcast */
	address_set(a, (const struct sockaddr *)&in, sizeof(in));
}

static void
set_local6(struct address *a, const struct cmsghdr *c)
{
	struct sockaddr_in6 in = { .sin6_family = AF_INET6 };
	struct in6_pktinfo info;

	memcpy(&info, CMSG_DATA(c), sizeof(info));
	in.sin6_addr = info.ipi6_addr;
	in.sin6_scope_id = info.ipi6_ifindex;
	address_set(a, (const struct sockaddr *)&in, sizeof(in));
}

static void
read_control(struct msghdr *m, struct datagram_source *source)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL;
	     c = CMSG_NXTHDR(m, c)) {
		bool is_ip4 = c->cmsg_level == IPPROTO_IP;
		bool is_ip6 = c->cmsg_level == IPPROTO_IPV6;

		if (is_ip4 && c->cmsg_type == IP_PKTINFO)
			set_local4(&source->local, c);
		else if (is_ip6 && c->cmsg_type == IPV6_PKTINFO)
			set_local6(&source->local, c);
		else if ((is_ip4 && c->cmsg_type == IP_TTL) ||
		    (is_ip6 && c->cmsg_type == IPV6_HOPLIMIT))
			memcpy(&source->ttl, CMSG_DATA(c), sizeof(int));
	}
}

/* As recvmsg(2); sets *has_control if anything came with the bytes. */
static ssize_t
receive(int fd, void *bytes, size_t length, int flags,
    struct datagram_source *source, bool *has_control)
{
	union control control;
	struct iovec iov = { .iov_base = bytes, .iov_len = length };
	struct msghdr m = {
		.msg_name = &source->peer.storage,
		.msg_namelen = sizeof(source->peer.storage),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n;

	*source = (struct datagram_source){ 0 };
	n = recvmsg(fd, &m, flags | MSG_DONTWAIT);
	if (n == -1)
		return -1;
	source->peer.length = m.msg_namelen;
	read_control(&m, source);
	*has_control = m.msg_controllen != 0;
	if ((m.msg_flags & MSG_TRUNC) && !(flags & MSG_PEEK)) {
		errno = EMSGSIZE;
		return -1;
	}
	return n;
}

ssize_t
datagram_receive(int fd, void *bytes, size_t length, int flags,
    struct datagram_source *source)
{
	bool has_control;

	return receive(fd, bytes, length, flags, source, &has_control);
}

bool
datagram_is_too_far(const struct datagram_options *options,
    const struct datagram_source *source)
{
	char peer[ADDRESS_TEXT];

	if (source->ttl == 0 || source->ttl >= options->min_ttl)
		return false;
	address_words(&source->peer, peer, sizeof(peer));
	log_line(LOG_STATES, "%s: dropped a datagram with TTL %d", peer,
	    source->ttl);
	return true;
}

/* Whether a datagram is for this stream; moves on to its sender if so. */
static bool
is_mine(struct datagram *d, const struct datagram_source *source)
{
	char peer[ADDRESS_TEXT];

	if (datagram_is_too_far(&d->options, source))
		return false;
	if (!d->is_served)
		return true;
	if (d->is_shared) {
		if (!address_equal(&source->peer, &d->source.peer)) {
			address_line(&source->peer, peer, sizeof(peer));
			log_line(LOG_EVENTS, "Connection received on %s", peer);
			stream_set_peer(&d->stream, &source->peer);
		}
		d->source = *source;
		d->stream.out = d->stream.in;
		return true;
	}
	if (address_equal(&source->peer, &d->source.peer))
		return true;
	address_words(&source->peer, peer, sizeof(peer));
	log_line(LOG_EVENTS, "Ignored a datagram from %s: serving %s", peer,
	    d->stream.source);
	return false;
}

void
datagram_drop_errors(int fd)
{
	int saved = errno;
	struct address destination;

	while (errqueue_take(fd, &destination) != 0)
		;
	errno = saved;
}

static ssize_t
datagram_read(struct stream *s, void *bytes, size_t length)
{
	struct datagram *d = (struct datagram *)s;
	struct datagram_source source;
	bool has_control = false;

	for (int i = 0; i < STRANGERS_MOST; i++) {
		ssize_t n =
		    receive(s->in, bytes, length, 0, &source, &has_control);

		if (n == -1) {
			if (d->is_served)
				datagram_drop_errors(s->in);
			return stream_read_code(-1);
		}
		/* Credentials come with an empty message, not with the end. */
		if (n == 0 && !s->is_connectionless && !has_control)
			return STREAM_EOF;
		if (is_mine(d, &source))
			return n;
	}
	return STREAM_WANT_READ;
}

/* Makes the reply leave from the address that the request was sent to. */
static void
set_control(struct msghdr *m, union control *control, const struct address *a)
{
	struct cmsghdr *c = &control->align;
	const void *sa = &a->storage;

	if (address_is_any(a) || address_is_multicast(a))
		return;
	memset(control, 0, sizeof(*control));
	if (address_family(a) == AF_INET) {
		struct in_pktinfo info = { 0 };

		info.ipi_spec_dst = ((const struct sockaddr_in *)sa)->sin_addr;
		c->cmsg_level = IPPROTO_IP;
		c->cmsg_type = IP_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		m->msg_controllen = CMSG_SPACE(sizeof(info));
	} else if (address_family(a) == AF_INET6) {
		struct in6_pktinfo info = { 0 };

		info.ipi6_addr = ((const struct sockaddr_in6 *)sa)->sin6_addr;
		c->cmsg_level = IPPROTO_IPV6;
		c->cmsg_type = IPV6_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		m->msg_controllen = CMSG_SPACE(sizeof(info));
	}
	if (m->msg_controllen != 0)
		m->msg_control = control;
}

static ssize_t
send_to_peer(struct datagram *d, const void *bytes, size_t length)
{
	union control control;
	struct iovec iov = { .iov_len = length };
	struct msghdr m = {
		.msg_name = &d->source.peer.storage,
		.msg_namelen = d->source.peer.length,
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};

	memcpy(&iov.iov_base, &bytes, sizeof(bytes));
	if (d->source.peer.length <= sizeof(sa_family_t)) {
		errno = EDESTADDRREQ; /* a unix socket that has no name */
		return -1;
	}
	set_control(&m, &control, &d->source.local);
	return sendmsg(d->stream.out, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static ssize_t
datagram_write(struct stream *s, const void *bytes, size_t length)
{
	struct datagram *d = (struct datagram *)s;
	ssize_t n;

	if (d->is_connected)
		return stream_write_code(
		    send(s->out, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL));
	n = send_to_peer(d, bytes, length);
	/* poll(2) cannot wait for the queue of a peer one is not tied to. */
	if (n == -1 && errno == EAGAIN &&
	    d->options.transport->domain == TRANSPORT_UNIX)
		errno = ENOBUFS;
	return stream_write_code(n);
}

static int
datagram_shut(struct stream *s)
{
	if (s->is_connectionless)
		return 0;
	if (shutdown(s->out, SHUT_WR) == -1 && errno != ENOTCONN)
		return -1;
	return 0;
}

static int
datagram_error(struct stream *s)
{
	struct datagram *d = (struct datagram *)s;
	int error = socket_error(s->in);

	if (d->is_served)
		datagram_drop_errors(s->in);
	return error;
}

static void
datagram_free(struct stream *s)
{
	struct datagram *d = (struct datagram *)s;

	if (!d->is_shared)
		close(s->in);
	unixpath_remove(&d->path);
	free(d);
}

static const struct stream_ops datagram_ops = {
	.read = datagram_read,
	.write = datagram_write,
	.shut = datagram_shut,
	.error = datagram_error,
	.probe = stream_needs_no_probe,
	.unsent = stream_has_nothing_unsent,
	.batch_reads = stream_cannot_batch,
	.batch_writes = stream_cannot_batch,
	.free = datagram_free,
};

static struct datagram *
datagram_new(
    int fd, const struct datagram_options *options, const struct address *peer)
{
	struct datagram *d = calloc(1, sizeof(*d));
	struct stream *s;

	if (d == NULL)
		return NULL;
	d->options = *options;
	s = &d->stream;
	s->ops = &datagram_ops;
	s->in = s->out = fd;
	s->reads_messages = s->writes_messages = true;
	s->is_connectionless = transport_is_connectionless(options->transport);
	s->message_size = socket_datagram_size(options->transport, peer);
	stream_set_peer(s, peer);
	return d;
}

struct stream *
datagram_connected(int fd, const struct datagram_options *options,
    const struct address *peer, struct unixpath *bound)
{
	struct datagram *d = datagram_new(fd, options, peer);

	if (d == NULL) {
		close(fd);
		if (bound != NULL)
			unixpath_remove(bound);
		errno = ENOMEM;
		return NULL;
	}
	d->is_connected = true;
	if (bound != NULL) {
		d->path = *bound;
		*bound = (struct unixpath){ 0 };
	}
	if (options->min_ttl != 0)
		enable_ttl(fd, address_family(peer));
	if (!d->stream.is_connectionless)
		enable(fd, SOL_SOCKET, SO_PASSCRED);
	return &d->stream;
}

struct stream *
datagram_first(int fd, const struct datagram_options *options,
    const struct datagram_source *first, struct unixpath *bound)
{
	const struct address *peer = &first->peer;
	struct datagram *d = datagram_new(fd, options, peer);

	if (d == NULL)
		return NULL;
	d->is_served = true;
	d->source = *first;
	d->path = *bound;
	*bound = (struct unixpath){ 0 };
	/* Only tied to its peer can a unix socket wait for room there. */
	if (address_family(peer) == AF_UNIX)
		d->is_connected =
		    connect(fd, address_sockaddr(peer), peer->length) == 0;
	return &d->stream;
}

struct stream *
datagram_shared(int fd, const struct datagram_options *options,
    const struct datagram_source *first)
{
	struct datagram *d = datagram_new(fd, options, &first->peer);

	if (d == NULL)
		return NULL;
	d->is_served = d->is_shared = true;
	d->source = *first;
	return &d->stream;
}

void
datagram_hear(struct stream *s, int fd)
{
	s->in = fd;
}
