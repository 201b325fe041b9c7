/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "mover/mover.h"

#define BATCH_MAX 64
#define GSO_MAX   44 /* chunks of 1400 bytes fit one call */

/* A buffer for each message. */
struct batch {
	struct mmsghdr messages[BATCH_MAX];
	struct iovec parts[BATCH_MAX];
};

static void
batch_init(struct batch *b, size_t size)
{
	char *buffers = malloc(size * BATCH_MAX);

	if (buffers == NULL)
		err(1, NULL);
	for (int i = 0; i < BATCH_MAX; i++) {
		b->parts[i] = (struct iovec){ buffers + i * size, size };
		b->messages[i] = (struct mmsghdr){
			.msg_hdr = { .msg_iov = &b->parts[i], .msg_iovlen = 1 }
		};
	}
}

/*
 * Reads up to max chunks that stand ready.  Returns how many, and false in
 * is_open at the end of the input.
 */
static int
batch_read(struct batch *b, int in, size_t size, int max, bool *is_open)
{
	int count = 0;

	while (count < max) {
		ssize_t n = read(in, b->parts[count].iov_base, size);

		if (n <= 0) {
			*is_open = n != 0;
			break;
		}
		b->parts[count++].iov_len = n;
	}
	return count;
}

/* All chunks have the size of the first one. */
static void
batch_send_gso(struct batch *b, int socket, int count)
{
	char control[CMSG_SPACE(sizeof(uint16_t))] = { 0 };
	struct msghdr h = { .msg_iov = b->parts,
		.msg_iovlen = count,
		.msg_control = control,
		.msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&h);

	c->cmsg_level = SOL_UDP;
	c->cmsg_type = UDP_SEGMENT;
	c->cmsg_len = CMSG_LEN(sizeof(uint16_t));
	*(uint16_t *)CMSG_DATA(c) = b->parts[0].iov_len;
	if (sendmsg(socket, &h, 0) == -1)
		err(1, "sendmsg");
}

void
datagram_send(const struct mover *m, int in, int socket)
{
	bool is_gso = mover_uses(m, "gso"), is_open = true;
	struct pollfd p = { .fd = in, .events = POLLIN };
	struct batch b;

	if (mover_uses(m, "rw")) {
		stream_copy(m, in, socket);
		return;
	}
	batch_init(&b, m->buffer_bytes);
	fcntl(in, F_SETFL, fcntl(in, F_GETFL) | O_NONBLOCK);
	while (is_open) {
		int count = batch_read(&b, in, m->buffer_bytes,
		    is_gso ? GSO_MAX : BATCH_MAX, &is_open);

		if (count == 0)
			poll(&p, 1, -1);
		else if (is_gso)
			batch_send_gso(&b, socket, count);
		else if (sendmmsg(socket, b.messages, count, 0) == -1)
			err(1, "sendmmsg");
	}
}

/* One writev(2) for all that one recvmmsg(2) has found. */
static void
receive_batches(const struct mover *m, int socket, int out)
{
	struct batch b;
	int count;

	batch_init(&b, m->buffer_bytes);
	while ((count = recvmmsg(
		    socket, b.messages, BATCH_MAX, MSG_WAITFORONE, NULL)) > 0) {
		for (int i = 0; i < count; i++)
			b.parts[i].iov_len = b.messages[i].msg_len;
		if (writev(out, b.parts, count) == -1)
			err(1, "writev");
		for (int i = 0; i < count; i++)
			b.parts[i].iov_len = m->buffer_bytes;
	}
}

void
datagram_receive(const struct mover *m, int socket, int out)
{
	int one = 1;

	if (!mover_uses(m, "rw") && !mover_uses(m, "gro")) {
		receive_batches(m, socket, out);
		return;
	}
	/* Up to 64 KiB of joined datagrams, whose boundaries are lost. */
	if (mover_uses(m, "gro"))
		setsockopt(socket, SOL_UDP, UDP_GRO, &one, sizeof(one));
	stream_copy(m, socket, out);
}
