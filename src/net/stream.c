/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What all kinds of streams share: the translation of the system's answers.
 */
#include "net/stream.h"

#include <sys/ioctl.h>

#include <assert.h>
#include <errno.h>
#include <string.h>

/* EINTR counts as "not yet": the loop comes back after it saw the signal. */
static bool
is_transient(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

void
stream_needs_nothing(struct stream *s)
{
	(void)s;
}

size_t
stream_has_nothing_unsent(struct stream *s)
{
	(void)s;
	return 0;
}

void
stream_ignores(struct stream *s, bool on)
{
	(void)s;
	(void)on;
}

int
stream_read_message(
    struct stream *s, uint8_t *room, int count, struct messages *messages)
{
	ssize_t n = stream_read(s, room, s->message_room);

	(void)count;
	if (n < 0)
		return (int)n;
	messages_add(messages, (size_t)n);
	return 1;
}

int
stream_write_message(
    struct stream *s, const uint8_t *bytes, const struct messages *messages)
{
	ssize_t n = stream_write(s, bytes, messages->lengths[messages->first]);

	return n < 0 ? (int)n : 1;
}

void
messages_add(struct messages *m, size_t length)
{
	assert(m->first + m->count < MESSAGES_MOST);
	m->lengths[m->first + m->count++] = (uint32_t)length;
}

size_t
stream_unread(const struct stream *s)
{
	int bytes;

	return ioctl(s->in, FIONREAD, &bytes) == -1 ? 0 : (size_t)bytes;
}

void
stream_set_peer(struct stream *s, const struct address *peer)
{
	address_words(peer, s->source, sizeof(s->source));
	strlcpy(s->sink, s->source, sizeof(s->sink));
}

ssize_t
stream_read_code(ssize_t result)
{
	if (result > 0)
		return result;
	if (result == 0)
		return STREAM_EOF;
	return is_transient(errno) ? STREAM_WANT_READ : STREAM_ERROR;
}

ssize_t
stream_write_code(ssize_t result)
{
	if (result >= 0)
		return result;
	return is_transient(errno) ? STREAM_WANT_WRITE : STREAM_ERROR;
}
