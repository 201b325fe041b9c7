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
    const struct datagram_route *route, bool *use_gso)
{
	(void)count, (void)use_gso;
	return message_send(fd, bytes, lengths[0], route) == -1 ? -1 : 1;
}
