/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Bytes that are put back into a real connection, as a handshake does that
 * read too much.
 */
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "net/address.h"
#include "net/socket.h"
#include "net/transport.h"
#include "relay/relay.h"
#include "stream/connection.h"
#include "stream/stream.h"
#include "tap.h"

/* A connection, and the other end of it. */
static struct stream *
connection(int *other)
{
	static const struct socket_options options;
	struct address peer = { .length = 0 };
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == -1)
		return NULL;
	*other = fds[1];
	return connection_new(fds[0],
	    transport_by_type(TRANSPORT_UNIX, SOCK_STREAM), &options, &peer);
}

static bool
reads(struct stream *s, size_t size, const char *wanted)
{
	char bytes[64];
	ssize_t n = stream_read(s, bytes, size);

	return n == (ssize_t)strlen(wanted) &&
	    memcmp(bytes, wanted, (size_t)n) == 0;
}

static void
what_is_put_back_comes_first(void)
{
	int other;
	struct stream *s = connection(&other);

	ok(stream_unread(s, "hello", 5) == 0, "bytes can be put back");
	ok(s->ready & POLLIN && stream_has_input(s) &&
		stream_input_queued(s) == 5,
	    "they stand ready, although poll(2) knows nothing of them");
	ok(write(other, "world", 5) == 5 && stream_input_queued(s) == 10,
	    "what has come since counts, too");
	ok(reads(s, 2, "he") && reads(s, 64, "llo"),
	    "they are read first, in pieces, and nothing with them");
	ok(!(s->ready & POLLIN) && s->prefix == NULL,
	    "then poll(2) tells again what is there");
	ok(reads(s, 64, "world"), "then the stream goes on");
	ok(stream_read(s, (char[1]){ 0 }, 1) == STREAM_WANT_READ,
	    "until there is nothing");
	stream_free(s);
	close(other);
}

static void
it_can_be_put_back_again(void)
{
	int other;
	struct stream *s = connection(&other);

	ok(stream_unread(s, "", 0) == 0 && s->prefix == NULL,
	    "no bytes are no prefix");
	stream_unread(s, "cdef", 4);
	ok(reads(s, 1, "c"), "some are read");
	ok(stream_unread(s, "abc", 3) == 0 && reads(s, 64, "abcdef"),
	    "what is put back again comes before the rest");
	stream_unread(s, "left", 4);
	close(other);
	ok(reads(s, 64, "left") &&
		stream_read(s, (char[1]){ 0 }, 1) == STREAM_EOF,
	    "the end of the stream comes behind it");
	stream_unread(s, "never read", 10);
	stream_free(s); /* sanitizers look for what is left */
}

struct outcome {
	struct loop *loop;
	bool is_complete;
};

static void
note_done(void *context, const struct relay_result *result)
{
	struct outcome *o = context;

	o->is_complete = result->is_complete;
	loop_stop(o->loop);
}

/* Returns whether what went through is what was wanted. */
static bool
relays(enum strategy_choice choice, const char *wanted)
{
	const struct relay_options options = { .hold = -1,
		.idle_timeout = 10000,
		.owns_local = true,
		.choice = choice };
	struct outcome o = { .loop = loop_new() };
	int before, behind;
	struct stream *from = connection(&before), *to = connection(&behind);
	char bytes[64];
	ssize_t n;

	stream_unread(from, "first ", 6);
	if (write(before, "second", 6) != 6)
		return false;
	shutdown(before, SHUT_WR);
	shutdown(behind, SHUT_WR);
	loop_add(o.loop, relay_new(to, from, &options, note_done, &o));
	loop_run(o.loop);
	n = read(behind, bytes, sizeof(bytes));
	loop_free(o.loop);
	close(before);
	close(behind);
	return o.is_complete && n == (ssize_t)strlen(wanted) &&
	    memcmp(bytes, wanted, (size_t)n) == 0;
}

int
main(void)
{
	what_is_put_back_comes_first();
	it_can_be_put_back_again();
	ok(relays(STRATEGY_COPY, "first second"),
	    "a relay that copies begins with what was put back");
	ok(relays(STRATEGY_SPLICE, "first second"),
	    "a relay that splices does, too");
	return tap_end();
}
