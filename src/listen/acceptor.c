/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "listen/acceptor.h"

#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>

#include "base/loop.h"
#include "net/address.h"
#include "observe/event.h"

/* Clients that have left in a row; more than that are a failure of ours. */
enum { GONE = 64 };

/* Linux has accept(2) report what befell the client: its page has a list. */
static bool
is_gone(int error)
{
	static const int errors[] = { ECONNABORTED, ENETDOWN, EPROTO,
		ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
		ENETUNREACH, EPERM };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (error == errors[i])
			return true;
	return false;
}

static int
take(int fd, struct address *peer)
{
	memset(peer, 0, sizeof(*peer));
	peer->length = sizeof(peer->storage);
	return accept4(fd, (struct sockaddr *)&peer->storage, &peer->length,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int
acceptor_take(struct acceptor *a, int fd, struct address *peer, int64_t now)
{
	int client;

	do
		client = take(fd, peer);
	while (client == -1 && is_gone(errno) && ++a->gone < GONE);
	if (client != -1 || errno == EAGAIN || errno == EWOULDBLOCK ||
	    errno == EINTR) {
		backoff_succeed(&a->pause);
		a->gone = 0;
	} else if (backoff_fail(&a->pause, now)) {
		event_failed("accept", errno);
	}
	return client;
}

bool
acceptor_has_client(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

bool
acceptor_is_pausing(const struct acceptor *a)
{
	return acceptor_deadline(a) != LOOP_NEVER;
}

int64_t
acceptor_deadline(const struct acceptor *a)
{
	return backoff_deadline(&a->pause);
}
