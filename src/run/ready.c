/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A supervisor reads its socket all the time, so to wait until there is room
 * in it, as libsystemd does, is better than to be taken for dead.
 */
#include "run/ready.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "net/bound.h"
#include "net/socket.h"
#include "observe/log.h"

int
ready_check(int fd)
{
	int flags;

	if (fd == -1)
		return 0;
	flags = fcntl(fd, F_GETFL);
	if (flags != -1 && (flags & O_ACCMODE) != O_RDONLY)
		return 0;
	log_error("--ready-fd %d: %s", fd, strerror(EBADF));
	return -1;
}

void
ready_init(struct ready *r, int fd)
{
	const char *name = getenv("NOTIFY_SOCKET");

	*r = (struct ready){ .fd = fd };
	if (name == NULL || name[0] == '\0')
		return;
	if (name[0] != '/' && name[0] != '@')
		log_error("NOTIFY_SOCKET %s: must be a path or an abstract "
			  "name",
		    name);
	else if (address_set_unix(&r->socket, name) == -1)
		log_error("NOTIFY_SOCKET %s: %s", name, strerror(errno));
	unsetenv("NOTIFY_SOCKET");
}

static void
notify(const struct ready *r, const char *text)
{
	int fd;

	if (r->socket.length == 0)
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1 ||
	    sendto(fd, text, strlen(text), MSG_NOSIGNAL,
		address_sockaddr(&r->socket), r->socket.length) == -1)
		log_error("NOTIFY_SOCKET: %s", strerror(errno));
	if (fd != -1)
		close(fd);
}

/* "ADDRESS PORT" of each socket.  Returns text to free, or NULL. */
static char *
list_addresses(const struct bound_list *l, const char *between)
{
	char *text = NULL, line[ADDRESS_TEXT];
	size_t length;
	FILE *out = open_memstream(&text, &length);
	struct address a;

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < l->count; i++) {
		socket_local(l->items[i].fd, &a);
		address_line(&a, line, sizeof(line));
		fprintf(out, "%s%s", i > 0 ? between : "", line);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static void
notify_ready(const struct ready *r, const struct bound_list *l)
{
	char *addresses = list_addresses(l, ", "), *text = NULL;

	if (addresses != NULL && l->count > 0 &&
	    asprintf(&text, "READY=1\nSTATUS=Listening on %s", addresses) == -1)
		text = NULL;
	notify(r, text != NULL ? text : "READY=1");
	free(text);
	free(addresses);
}

/* All lines in one write(2): a reader that wants only one gets them whole. */
static void
write_lines(int fd, const struct bound_list *l)
{
	char *addresses = list_addresses(l, "\n"), *text = NULL;
	int length = -1;

	if (addresses != NULL)
		length = asprintf(&text, "%s\n", addresses);
	if (length == -1 || write(fd, text, (size_t)length) != length)
		log_error("--ready-fd %d: %s", fd, strerror(errno));
	if (length != -1)
		free(text);
	free(addresses);
}

void
ready_tell(struct ready *r, const struct bound_list *l)
{
	if (r->socket.length != 0)
		notify_ready(r, l);
	if (r->fd == -1)
		return;
	write_lines(r->fd, l);
	/* Others go on using the standard streams. */
	if (r->fd > STDERR_FILENO && close(r->fd) == -1)
		log_error("--ready-fd %d: %s", r->fd, strerror(errno));
	r->fd = -1;
}

void
ready_reloading(const struct ready *r)
{
	struct timespec now;
	char text[64];

	/* By the time, systemd tells this reload from the one before it. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
	    (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	notify(r, text);
}

void
ready_reloaded(const struct ready *r)
{
	notify(r, "READY=1");
}

void
ready_stopping(const struct ready *r)
{
	notify(r, "STOPPING=1");
}
