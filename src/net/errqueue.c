/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The error queue as Linux has it.
 */
#include "net/errqueue.h"

#include <sys/socket.h>

#include <netinet/in.h>

#include <errno.h>
#include <linux/errqueue.h>
#include <string.h>

#include "net/address.h"
#include "net/socket.h"

void
errqueue_enable(int fd, int family)
{
	socket_set_ip(fd, family, IP_RECVERR, IPV6_RECVERR, 1);
}

static int
error_of(const struct cmsghdr *c)
{
	struct sock_extended_err error;

	if (!(c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) &&
	    !(c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
		return 0;
	memcpy(&error, CMSG_DATA(c), sizeof(error));
	return (int)error.ee_errno;
}

int
errqueue_take(int fd, struct address *destination)
{
	union {
		struct cmsghdr align;
		char bytes[512];
	} control;
	char byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr m = {
		.msg_name = &destination->storage,
		.msg_namelen = sizeof(destination->storage),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	int error = 0;

	/*
	 * unix(7) has no such queue; MSG_ERRQUEUE would take a datagram
	 * instead.
	 */
	if (socket_ask(fd, SO_DOMAIN) == AF_UNIX)
		return 0;

	if (recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) == -1)
		return errno == EAGAIN ? 0 : -1;
	destination->length = m.msg_namelen;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c != NULL && error == 0;
	     c = CMSG_NXTHDR(&m, c))
		error = error_of(c);
	return error;
}

/* The system empties the queue of a socket that wants no errors any more. */
static void
drop_all(int fd)
{
	int family = socket_ask(fd, SO_DOMAIN);

	socket_set_ip(fd, family, IP_RECVERR, IPV6_RECVERR, 0);
	errqueue_enable(fd, family);
}

int
errqueue_clear(int fd)
{
	struct address destination;
	int saved = errno, first = errqueue_take(fd, &destination);
	int next = first;

	while (next > 0)
		next = errqueue_take(fd, &destination);
	if (next == -1)
		drop_all(fd);
	errno = saved;
	return first > 0 ? first : 0;
}
