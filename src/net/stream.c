/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What all kinds of streams share: the translation of the system's answers.
 */
#include "net/stream.h"

#include <errno.h>
#include <string.h>

/* EINTR counts as "not yet": the loop comes back after it saw the signal. */
static bool
is_transient(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

void
stream_needs_no_probe(struct stream *s)
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
stream_cannot_batch(struct stream *s, bool on)
{
	(void)s;
	(void)on;
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
