/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * MSG_ZEROCOPY, with a ring of buffers: one is used again only after the kernel
 * has reported that it is done with it.
 */
#include <sys/mman.h>
#include <sys/socket.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <linux/errqueue.h>

#include "mover/mover.h"

#define RING 16

struct zerocopy {
	int socket;
	unsigned sent, done; /* calls; their numbers may wrap around */
};

/* Reads a completion, if there is one or it waits for one. */
static void
zerocopy_reap(struct zerocopy *z, bool waits)
{
	char control[256];
	struct msghdr h = { .msg_control = control,
		.msg_controllen = sizeof(control) };
	struct pollfd p = { .fd = z->socket };

	while (recvmsg(z->socket, &h, MSG_ERRQUEUE) == -1) {
		if (errno != EAGAIN || !waits)
			return;
		poll(&p, 1, -1);
	}
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&h); c; c = CMSG_NXTHDR(&h, c))
		z->done =
		    ((struct sock_extended_err *)CMSG_DATA(c))->ee_data + 1;
}

static void
zerocopy_send(struct zerocopy *z, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = send(z->socket, bytes, length, MSG_ZEROCOPY);

		if (n == -1 && errno == ENOBUFS) {
			zerocopy_reap(z, true);
			continue;
		}
		if (n == -1)
			err(1, "send");
		bytes += n;
		length -= n;
		z->sent++;
	}
}

void
zerocopy_move(const struct mover *m, int in, int out)
{
	size_t size = m->buffer_bytes;
	char *ring = mmap(NULL, size * RING, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	struct zerocopy z = { .socket = out };
	unsigned last[RING] = { 0 }; /* the call that used a buffer last */
	int one = 1;

	if (ring == MAP_FAILED)
		err(1, "mmap");
	stream_size_pipe(m, in, out);
	if (setsockopt(out, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)) == -1)
		err(1, "SO_ZEROCOPY");
	for (unsigned i = 0;; i = (i + 1) % RING) {
		char *buffer = ring + i * size;
		ssize_t n;

		while ((int)(z.done - last[i]) < 0)
			zerocopy_reap(&z, true);
		if ((n = read(in, buffer, size)) <= 0)
			break;
		zerocopy_send(&z, buffer, n);
		last[i] = z.sent;
		zerocopy_reap(&z, false);
	}
}
