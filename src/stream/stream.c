/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What all kinds of streams share: the translation of the system's answers.
 */
#include "stream/stream.h"

#include <sys/ioctl.h>

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/backoff.h"
#include "net/address.h"
#include "net/address_text.h"
#include "net/socket.h"
#include "stream/prefix.h"

enum { DROP_BYTES = 16 * 1024 };

/* EINTR counts as "not yet": the loop comes back after it saw the signal. */
static bool
is_transient(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static ssize_t
code_of_failure(enum stream_code wait)
{
	if (is_transient(errno))
		return wait;
	return backoff_is_shortage(errno) ? STREAM_LATER : STREAM_ERROR;
}

ssize_t
stream_read_prefix(struct stream *s, void *bytes, size_t length)
{
	size_t n = prefix_take(s->prefix, bytes, length);

	if (prefix_length(s->prefix) > 0)
		return (ssize_t)n;
	prefix_free(s->prefix);
	s->prefix = NULL;
	s->ready &= ~POLLIN;
	return (ssize_t)n;
}

int
stream_unread(struct stream *s, const void *bytes, size_t length)
{
	struct prefix *prefix;

	assert(!s->kind->is_unpolled && !s->reads_messages);
	if (length == 0)
		return 0;
	prefix = prefix_new(bytes, length, s->prefix);
	if (prefix == NULL)
		return -1;
	s->prefix = prefix;
	s->ready |= POLLIN;
	return 0;
}

void
stream_free(struct stream *s)
{
	if (s == NULL)
		return;
	prefix_free(s->prefix);
	s->kind->free(s);
}

int
stream_read_message(
    struct stream *s, uint8_t *space, size_t size, struct messages *messages)
{
	ssize_t n = stream_read(s, space, size);

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

int
stream_read_messages(struct stream *s, uint8_t *space, size_t size, int count,
    struct messages *messages)
{
	if (s->kind->read_messages == NULL)
		return stream_read_message(s, space, size, messages);
	return s->kind->read_messages(s, space, size, count, messages);
}

int
stream_write_messages(
    struct stream *s, const uint8_t *bytes, const struct messages *messages)
{
	if (s->kind->write_messages == NULL)
		return stream_write_message(s, bytes, messages);
	return s->kind->write_messages(s, bytes, messages);
}

void
messages_add(struct messages *m, size_t length)
{
	assert(m->first + m->count < MESSAGES_MAX);
	m->lengths[m->first + m->count++] = (uint32_t)length;
}

size_t
stream_input_queued(const struct stream *s)
{
	size_t before = s->prefix != NULL ? prefix_length(s->prefix) : 0;
	int bytes;

	return ioctl(s->in, FIONREAD, &bytes) == -1 ? before
						    : before + (size_t)bytes;
}

bool
stream_has_input(struct stream *s)
{
	struct pollfd p = { .fd = s->in, .events = POLLIN };
	int bytes;
	char byte;

	if (s->prefix != NULL)
		return true;
	if (s->is_input_over)
		return false;
	if (s->kind->has_input != NULL)
		return s->kind->has_input(s);
	if (s->in == -1 || poll(&p, 1, 0) != 1 || !(p.revents & POLLIN))
		return false;
	if (ioctl(s->in, FIONREAD, &bytes) == 0)
		return bytes > 0;
	return stream_read(s, &byte, 1) > 0;
}

ssize_t
stream_drop(struct stream *s)
{
	uint8_t waste[DROP_BYTES];
	ssize_t n = stream_read(s, waste, sizeof(waste));

	if (n == STREAM_ERROR && s->reads_messages && errno == EMSGSIZE)
		return sizeof(waste);
	return n;
}

/* As icmp(7) and netdevice(7) have them, and unix(7) of a peer that left. */
bool
stream_is_news(int error)
{
	static const int errors[] = { ECONNREFUSED, ECONNRESET, EHOSTUNREACH,
		EHOSTDOWN, ENETUNREACH, ENETDOWN, ENONET, ENOPROTOOPT, EPROTO,
		EOPNOTSUPP, EMSGSIZE, EACCES, EPERM, ETIMEDOUT, ENOTCONN };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (error == errors[i])
			return true;
	return false;
}

static struct event_end
stream_end(const struct stream *s, const char *name)
{
	struct event_end end = { .port = -1 };

	if (s->peer.length > 0)
		end = address_end(&s->peer);
	end.name = name;
	return end;
}

struct event_end
stream_source(const struct stream *s)
{
	return stream_end(s, s->source);
}

struct event_end
stream_sink(const struct stream *s)
{
	return stream_end(s, s->sink);
}

void
stream_set_name(struct stream *s, const struct address *address)
{
	address_format(address, s->source, sizeof(s->source));
	strlcpy(s->sink, s->source, sizeof(s->sink));
}

void
stream_set_peer(struct stream *s, const struct address *peer)
{
	s->peer = *peer;
	stream_set_name(s, peer);
}

const struct address *
stream_local(struct stream *s)
{
	struct address bound;

	if (s->local.length > 0 &&
	    (!address_has_port(&s->local) || address_port(&s->local) != 0))
		return &s->local;
	socket_local(s->out, &bound);
	/* What came with a datagram is an address without a port. */
	if (s->local.length > 0)
		address_set_port(&s->local, (uint16_t)address_port(&bound));
	else
		s->local = bound;
	return &s->local;
}

ssize_t
stream_read_code(ssize_t result)
{
	if (result > 0)
		return result;
	if (result == 0)
		return STREAM_EOF;
	return code_of_failure(STREAM_WANT_READ);
}

ssize_t
stream_write_code(ssize_t result)
{
	if (result >= 0)
		return result;
	return code_of_failure(STREAM_WANT_WRITE);
}
