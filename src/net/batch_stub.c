/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * For systems without recvmmsg(2) and sendmmsg(2).
 */
#include "net/batch.h"

void
batch_enable(int fd)
{
	(void)fd;
}

bool
batch_has_gso(int fd)
{
	(void)fd;
	return false;
}

int
batch_receive(
    int fd, uint8_t *space, size_t size, int count, struct batch_item *item)
{
	bool has_control;
	ssize_t n = message_receive(
	    fd, space, size, 0, false, &item->source, &has_control);

	(void)count;
	if (n == -1)
		return -1;
	item->length = (size_t)n;
	item->is_cut = false; /* that would have been an error */
	return 1;
}

int
batch_send(int fd, const uint8_t *bytes, const uint32_t *lengths, size_t count,
    const struct datagram_source *peer, bool *use_gso)
{
	ssize_t n;

	(void)count, (void)use_gso;
	if (peer != NULL)
		n = message_send(fd, bytes, lengths[0], peer);
	else
		n = send(fd, bytes, lengths[0], MSG_DONTWAIT | MSG_NOSIGNAL);
	return n == -1 ? -1 : 1;
}
