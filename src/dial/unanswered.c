/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "dial/unanswered.h"

#include <sys/socket.h>

#include <stdlib.h>
#include <string.h>

void
unanswered_keep(struct unanswered *u, const void *bytes, size_t length)
{
	if (u->count == UNANSWERED_MAX || length > UNANSWERED_BYTES - u->used)
		return;
	if (u->bytes == NULL && (u->bytes = malloc(UNANSWERED_BYTES)) == NULL)
		return;
	memcpy(u->bytes + u->used, bytes, length);
	u->lengths[u->count++] = length;
	u->used += length;
}

void
unanswered_send(const struct unanswered *u, int fd)
{
	const uint8_t *at = u->bytes;

	for (size_t i = 0; i < u->count; i++) {
		/* A refusal is told by the next call, and looked at there. */
		send(fd, at, u->lengths[i], MSG_DONTWAIT | MSG_NOSIGNAL);
		at += u->lengths[i];
	}
}

void
unanswered_clear(struct unanswered *u)
{
	free(u->bytes);
	*u = (struct unanswered){ 0 };
}
