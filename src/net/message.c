/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * One message and its control messages, cmsg(3).
 */
#include "net/message.h"

#include <sys/ioctl.h>

#include <netinet/in.h>

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "net/missing.h"
#include "net/socket.h"

void
message_enable_ttl(int fd, int family)
{
	socket_set_ip(fd, family, IP_RECVTTL, IPV6_RECVHOPLIMIT, 1);
}

void
message_enable_local(int fd, int family)
{
	socket_set_ip(fd, family, IP_PKTINFO, IPV6_RECVPKTINFO, 1);
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
	if (IN6_IS_ADDR_LINKLOCAL(&in.sin6_addr))
		in.sin6_scope_id = info.ipi6_ifindex;
	address_set(a, (const struct sockaddr *)&in, sizeof(in));
}

void
message_read_control(struct msghdr *m, struct datagram_source *source)
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
		else if (c->cmsg_level == IPPROTO_UDP &&
		    c->cmsg_type == UDP_GRO)
			memcpy(&source->segment, CMSG_DATA(c), sizeof(int));
	}
}

ssize_t
message_receive(int fd, void *bytes, size_t length, int flags, bool is_unix,
    struct datagram_source *source, bool *has_control)
{
	union message_control control;
	struct iovec iov = { .iov_base = bytes, .iov_len = length };
	struct msghdr m = {
		.msg_name = &source->peer.storage,
		.msg_namelen = sizeof(source->peer.storage),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = is_unix ? NULL : &control,
		.msg_controllen = is_unix ? 0 : sizeof(control),
	};
	ssize_t n;

	*source = (struct datagram_source){ 0 };
	n = recvmsg(fd, &m, flags | MSG_DONTWAIT);
	if (n == -1)
		return -1;
	source->peer.length = m.msg_namelen;
	message_read_control(&m, source);
	*has_control = m.msg_controllen != 0 || (m.msg_flags & MSG_CTRUNC);
	if ((m.msg_flags & MSG_TRUNC) && !(flags & MSG_PEEK)) {
		errno = EMSGSIZE;
		return -1;
	}
	return n;
}

/*
 * A look by recv(2) wakes the sender, as if there was space for another, so
 * it is for what FIONREAD cannot tell: an empty message from none.  MSG_TRUNC
 * makes it tell the size, and not how much of it fits.
 */
ssize_t
message_size(int fd)
{
	char byte;
	int bytes;

	if (ioctl(fd, FIONREAD, &bytes) == 0 && bytes > 0)
		return bytes;
	return recv(fd, &byte, 1, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
}

void
message_set_local(
    struct msghdr *m, union message_control *control, const struct address *a)
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

struct datagram_route
datagram_route_back(const struct datagram_source *source)
{
	return (struct datagram_route){ source->peer, source->local };
}

/* Returns whether a message of that length may be sent now.  Keeps errno. */
static bool
grow_send_buffer(int fd, size_t length)
{
	int size = length < INT_MAX / 2 ? (int)length : INT_MAX / 2;
	const int *value = &size;
	int saved = errno;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, value, sizeof(size)) ==
	    -1)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, value, sizeof(size));
	errno = saved;
	return socket_ask(fd, SO_SNDBUF) > size;
}

static ssize_t
send_along(int fd, const void *bytes, size_t length,
    const struct datagram_route *route)
{
	union message_control control;
	struct iovec iov = { .iov_len = length };
	struct address peer = route->peer;
	struct msghdr m = {
		.msg_name = &peer.storage,
		.msg_namelen = peer.length,
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};

	memcpy(&iov.iov_base, &bytes, sizeof(bytes));
	if (peer.length <= sizeof(sa_family_t)) {
		errno = EDESTADDRREQ; /* a unix socket that has no name */
		return -1;
	}
	message_set_local(&m, &control, &route->local);
	return sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static ssize_t
send_once(int fd, const void *bytes, size_t length,
    const struct datagram_route *route)
{
	if (route == NULL)
		return send(fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	return send_along(fd, bytes, length, route);
}

ssize_t
message_send(int fd, const void *bytes, size_t length,
    const struct datagram_route *route)
{
	ssize_t n = send_once(fd, bytes, length, route);

	if (n == -1 && errno == EMSGSIZE &&
	    socket_ask(fd, SO_DOMAIN) == AF_UNIX &&
	    grow_send_buffer(fd, length))
		n = send_once(fd, bytes, length, route);
	return n;
}
