/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Each socket is asked what it is.  One that cannot be served is refused:
 * otherwise its clients would wait in vain.
 */
#include "listen/inherited.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "net/address.h"
#include "net/missing.h"
#include "net/socket.h"
#include "net/transport.h"
#include "observe/event.h"

enum { FIRST = 3 /* SD_LISTEN_FDS_START */ };

static bool
has_peer(int fd)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof(peer);

	return getpeername(fd, (struct sockaddr *)&peer, &length) == 0;
}

static bool
is_bound(int fd)
{
	struct address a;

	socket_local(fd, &a);
	if (address_family(&a) == AF_UNIX)
		return a.length > sizeof(sa_family_t);
	return !address_has_port(&a) || address_port(&a) != 0;
}

/* Finds out what a descriptor is.  Returns NULL, or why it cannot be served. */
static const char *
describe_socket(int fd, struct inherited_socket *s)
{
	struct stat st;

	*s = (struct inherited_socket){ .fd = fd };
	if (fstat(fd, &st) == -1)
		return "is not open";
	if (!S_ISSOCK(st.st_mode))
		return "is no socket";
	s->transport = socket_transport(fd);
	if (s->transport == NULL)
		return "is a socket of an unknown kind";
	s->is_listening = socket_ask(fd, SO_ACCEPTCONN) == 1;
	s->is_connected = !s->is_listening && has_peer(fd);
	if (s->is_listening || s->is_connected)
		return NULL;
	if (!transport_is_connectionless(s->transport))
		return "neither listens nor is connected";
	return is_bound(fd) ? NULL : "is not bound to an address";
}

static bool
is_for_us(const char *pid)
{
	const char *bad;

	return strtonum(pid, 1, INT_MAX, &bad) == getpid();
}

bool
inherited_is_offered(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");

	return pid != NULL && count != NULL && is_for_us(pid) &&
	    strcmp(count, "0") != 0;
}

const char *
inherited_other_process(void)
{
	const char *pid = getenv("LISTEN_PID");

	if (pid == NULL || getenv("LISTEN_FDS") == NULL || is_for_us(pid))
		return NULL;
	return pid;
}

/*
 * The number of sockets that are ours, or -1.  It is believed only as far as
 * there are open descriptors.
 */
static int
count_offered(void)
{
	const char *pid = getenv("LISTEN_PID"), *text = getenv("LISTEN_FDS");
	const char *bad;
	int count;

	if (pid == NULL || text == NULL)
		return 0;
	strtonum(pid, 1, INT_MAX, &bad);
	if (bad != NULL) {
		event_say(EVENT_PROCESS_WRONG, .value = pid);
		return -1;
	}
	if (!is_for_us(pid)) {
		event_say(EVENT_NOT_OURS, .value = pid);
		return 0;
	}
	count = (int)strtonum(text, 0, INT_MAX - FIRST, &bad);
	if (bad != NULL) {
		event_say(EVENT_SOCKETS_WRONG, .what = "LISTEN_FDS",
		    .value = text, .reason = "must be a number of sockets");
		return -1;
	}
	for (int fd = FIRST; fd < FIRST + count; fd++) {
		if (fcntl(fd, F_GETFD) == -1) {
			event_say(EVENT_SOCKET_WRONG, .what = "LISTEN_FDS",
			    .descriptor = (uint64_t)fd,
			    .reason = "is not open");
			return -1;
		}
	}
	return count;
}

static int
take_offered(struct inherited *in, int count)
{
	in->items = calloc((size_t)count, sizeof(*in->items));
	if (in->items == NULL) {
		event_failed("LISTEN_FDS", errno);
		return -1;
	}
	for (int fd = FIRST; fd < FIRST + count; fd++) {
		struct inherited_socket *s = &in->items[in->count++];
		const char *bad = describe_socket(fd, s);

		if (bad == NULL && s->is_connected && count > 1)
			bad = "is connected, so it must be the only one";
		if (bad != NULL) {
			event_say(EVENT_SOCKET_WRONG, .what = "LISTEN_FDS",
			    .descriptor = (uint64_t)fd, .reason = bad);
			return -1;
		}
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	return count;
}

int
inherited_from_systemd(struct inherited *in)
{
	int count = count_offered();

	*in = (struct inherited){ 0 };
	/* No child may take them for its own. */
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (count > 0 && take_offered(in, count) == -1) {
		inherited_clear(in);
		return -1;
	}
	return count;
}

/* An error line must never go to the client. */
static int
blank_stderr(void)
{
	struct stat st;

	if (fstat(STDIN_FILENO, &st) == -1 || !S_ISSOCK(st.st_mode) ||
	    !descriptor_is_same(STDIN_FILENO, STDERR_FILENO))
		return 0;
	return descriptor_blank(STDERR_FILENO, O_WRONLY);
}

static int
move_stdin(struct inherited_socket *s)
{
	s->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, FIRST);
	if (s->fd == -1)
		return -1;
	if (descriptor_blank(STDIN_FILENO, O_RDONLY) == -1)
		return -1;
	/* Read-only: a write must fail, not seem to have worked. */
	return descriptor_blank(STDOUT_FILENO, O_RDONLY);
}

int
inherited_from_inetd(struct inherited *in)
{
	const char *bad;

	*in = (struct inherited){ .items = calloc(1, sizeof(*in->items)) };
	if (in->items == NULL || blank_stderr() == -1) {
		event_failed("--inetd", errno);
		inherited_clear(in);
		return -1;
	}
	bad = describe_socket(STDIN_FILENO, in->items);
	if (bad != NULL)
		event_say(EVENT_INETD_WRONG, .reason = bad);
	else if (move_stdin(in->items) == -1)
		event_failed("--inetd: standard input", errno);
	else
		return (int)++in->count;
	inherited_clear(in);
	return -1;
}

const struct inherited_socket *
inherited_client(const struct inherited *in)
{
	return in->count == 1 && in->items[0].is_connected ? in->items : NULL;
}

void
inherited_clear(struct inherited *in)
{
	free(in->items);
	*in = (struct inherited){ 0 };
}
