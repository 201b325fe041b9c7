/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A supervisor whose queue is full must still be notified, or it considers the
 * service dead. libsystemd would block; here a message is kept until the queue
 * has space, and a newer message replaces it.
 */
#include "run/ready.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "listen/listen_sockets.h"
#include "net/address_text.h"
#include "net/socket.h"
#include "observe/event.h"

int
ready_check(int fd)
{
	int flags;

	if (fd == -1)
		return 0;
	flags = fcntl(fd, F_GETFL);
	if (flags != -1 && (flags & O_ACCMODE) != O_RDONLY)
		return 0;
	event_say(
	    EVENT_READY_FAILED, .descriptor = (uint64_t)fd, .error = EBADF);
	return -1;
}

void
ready_init(struct ready *r, int fd)
{
	const char *name = getenv("NOTIFY_SOCKET");

	*r = (struct ready){ .fd = fd, .slot = -1, .sender = -1 };
	if (name == NULL || name[0] == '\0')
		return;
	if (name[0] != '/' && name[0] != '@')
		event_say(EVENT_NOTIFY_WRONG, .what = name,
		    .reason = "must be a path or an abstract name");
	else if (address_set_unix(&r->socket, name) == -1)
		event_say(EVENT_NOTIFY_WRONG, .what = name,
		    .reason = strerror(errno));
	unsetenv("NOTIFY_SOCKET");
}

static void
forget_message(struct ready *r, enum ready_message message)
{
	free(r->due[message]);
	r->due[message] = NULL;
}

/* A connected socket, so that poll(2) knows when its peer's queue has space. */
static int
open_sender(const struct ready *r)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int saved;

	if (fd == -1 ||
	    connect(fd, address_sockaddr(&r->socket), r->socket.length) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Sends what is due, in order, until the queue is full. */
static void
send_due(struct ready *r)
{
	for (int i = 0; i < READY_MESSAGES; i++) {
		const char *text = r->due[i];

		if (text == NULL)
			continue;
		if (r->sender == -1)
			r->sender = open_sender(r);
		if (r->sender == -1 ||
		    send(r->sender, text, strlen(text), MSG_NOSIGNAL) == -1) {
			if (r->sender != -1 && errno == EAGAIN)
				return;
			event_failed("NOTIFY_SOCKET", errno);
		}
		forget_message(r, i);
	}
	if (r->sender != -1)
		close(r->sender);
	r->sender = -1;
}

static void
notify(struct ready *r, enum ready_message message, const char *text)
{
	if (r->socket.length == 0)
		return;
	forget_message(r, message);
	r->due[message] = strdup(text);
	if (r->due[message] == NULL)
		event_failed("NOTIFY_SOCKET", errno);
	send_due(r);
}

static void
ready_want(struct task *task, struct poll_set *set)
{
	struct ready *r = (struct ready *)task;

	r->slot = -1;
	if (r->sender != -1)
		r->slot = poll_set_add(set, r->sender, POLLOUT);
}

static int64_t
ready_deadline(const struct task *task)
{
	(void)task;
	return LOOP_NEVER;
}

static void
ready_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct ready *r = (struct ready *)task;

	(void)now;
	if (poll_set_events(set, r->slot) != 0)
		send_due(r);
}

static void
ready_free(struct task *task)
{
	struct ready *r = (struct ready *)task;

	for (int i = 0; i < READY_MESSAGES; i++)
		forget_message(r, i);
	if (r->sender != -1)
		close(r->sender);
	r->sender = -1;
}

static const struct task_ops ready_ops = {
	.name = "ready",
	.want = ready_want,
	.deadline = ready_deadline,
	.step = ready_step,
	.free = ready_free,
};

void
ready_watch(struct ready *r, struct loop *loop)
{
	r->task.ops = &ready_ops;
	loop_add(loop, &r->task);
}

/* "ADDRESS PORT" of each socket.  Returns text to free, or NULL. */
static char *
list_addresses(const struct listen_sockets *l, const char *between)
{
	char *text = NULL, line[ADDRESS_TEXT];
	size_t length;
	FILE *out = open_memstream(&text, &length);
	struct address a;

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < l->count; i++) {
		socket_local(l->items[i].fd, &a);
		address_format_nc(&a, line, sizeof(line));
		fprintf(out, "%s%s", i > 0 ? between : "", line);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static void
notify_ready(struct ready *r, const struct listen_sockets *l)
{
	char *addresses = list_addresses(l, ", "), *text = NULL;

	if (addresses != NULL && l->count > 0 &&
	    asprintf(&text, "READY=1\nSTATUS=Listening on %s", addresses) == -1)
		text = NULL;
	notify(r, READY_BOUND, text != NULL ? text : "READY=1");
	free(text);
	free(addresses);
}

/* As write(2), but fails with EAGAIN instead of blocking. */
static ssize_t
write_at_once(int fd, const char *text, size_t length)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	if (poll(&p, 1, 0) == 1)
		return write(fd, text, length);
	errno = EAGAIN;
	return -1;
}

/* All lines in one write(2): a reader that reads once gets complete lines. */
static void
write_lines(int fd, const struct listen_sockets *l)
{
	char *addresses = list_addresses(l, "\n"), *text = NULL;
	int length = -1;

	if (addresses != NULL)
		length = asprintf(&text, "%s\n", addresses);
	if (length == -1 || write_at_once(fd, text, (size_t)length) != length)
		event_say(EVENT_READY_FAILED, .descriptor = (uint64_t)fd,
		    .error = errno);
	if (length != -1)
		free(text);
	free(addresses);
}

void
ready_tell(struct ready *r, const struct listen_sockets *l)
{
	if (r->socket.length != 0)
		notify_ready(r, l);
	if (r->fd == -1)
		return;
	write_lines(r->fd, l);
	/* The standard streams are still used. */
	if (r->fd > STDERR_FILENO && close(r->fd) == -1)
		event_say(EVENT_READY_FAILED, .descriptor = (uint64_t)r->fd,
		    .error = errno);
	r->fd = -1;
}

void
ready_reloading(struct ready *r)
{
	struct timespec now;
	char text[64];

	/* systemd tells reloads apart by this time. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
	    (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	forget_message(r, READY_RELOADED);
	notify(r, READY_RELOADING, text);
}

void
ready_reloaded(struct ready *r)
{
	notify(r, READY_RELOADED, "READY=1");
}

void
ready_stopping(struct ready *r)
{
	notify(r, READY_STOPPING, "STOPPING=1");
}
