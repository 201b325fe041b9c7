/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * How long a connection stays open for what was sent to arrive, with a peer
 * that does as it is told, and a clock that stands still in between.
 */
#include "relay/linger.h"

#include <errno.h>
#include <poll.h>

#include "base/loop.h"
#include "stream/stream.h"
#include "unit/tap.h"

enum { START = 1000, FD = 7, LAST_MS = 60000 };

struct peer {
	struct stream stream;
	size_t unsent;    /* that its system has not acknowledged */
	size_t available; /* that it has sent */
	bool has_ended, is_lost, is_short;
	bool is_shut;
	int shut_code; /* what shutting it comes to */
	int error;
};

static struct peer p;
static struct linger_clock l;
static int64_t now;

static ssize_t
peer_read(struct stream *s, void *bytes, size_t length)
{
	size_t n = p.available < length ? p.available : length;

	(void)s, (void)bytes;
	if (p.is_short)
		return STREAM_LATER;
	if (n == 0 && p.error != 0) {
		errno = p.error;
		return STREAM_ERROR;
	}
	if (n == 0)
		return p.has_ended ? STREAM_EOF : STREAM_WANT_READ;
	p.available -= n;
	return (ssize_t)n;
}

static int
peer_error(struct stream *s)
{
	(void)s;
	return p.error;
}

static size_t
peer_unsent(struct stream *s)
{
	(void)s;
	return p.unsent;
}

static bool
peer_is_lost(struct stream *s)
{
	(void)s;
	errno = ECONNRESET;
	return p.is_lost;
}

static int
peer_shut(struct stream *s)
{
	(void)s;
	p.is_shut = p.shut_code == 0;
	return p.shut_code;
}

static const struct stream_kind peer_kind = {
	.is_connection = true,
	.read = peer_read,
	.shut = peer_shut,
	.error = peer_error,
	.unsent = peer_unsent,
	.is_lost = peer_is_lost,
};

static void
begin(size_t unsent, int64_t patience)
{
	p = (struct peer){ .stream.kind = &peer_kind, .unsent = unsent };
	p.stream.in = p.stream.out = FD;
	now = START;
	linger_begin(&l, now, patience);
}

/* Looks whenever it wants to, until that time or an end. */
static enum linger_verdict
look_until(int64_t end)
{
	enum linger_verdict verdict = linger_look(&l, &p.stream, now);

	while (verdict == LINGER_ON && l.look_at <= end) {
		now = l.look_at;
		verdict = linger_look(&l, &p.stream, now);
	}
	return verdict;
}

static short
wanted(void)
{
	struct pollfd fds[2];
	struct poll_set set = { .fds = fds, .size = 2 };
	short events = 0;

	linger_want(&l, &p.stream, &set);
	for (size_t i = 0; i < set.count; i++)
		events |= fds[i].events;
	return events;
}

static void
what_has_arrived_is_not_waited_for(void)
{
	begin(0, 0);
	ok(look_until(START + 100) == LINGER_OVER,
	    "a quiet peer that has everything is left at once");
	begin(0, 0);
	p.has_ended = true;
	ok(linger_look(&l, &p.stream, now) == LINGER_OVER,
	    "one that has ended, too, at the first look");
	begin(500, 0);
	p.has_ended = true;
	ok(linger_look(&l, &p.stream, now) == LINGER_ON,
	    "but not before it has everything");
	p.unsent = 0;
	ok(look_until(START + 100) == LINGER_OVER, "which may come later");
}

static void
a_peer_that_still_sends_is_read(void)
{
	begin(0, 0);
	p.available = 5000;
	ok(linger_look(&l, &p.stream, now) == LINGER_ON && p.available == 0,
	    "what still comes is read and dropped");
	ok(look_until(START + 40) == LINGER_ON,
	    "and more may follow for a while");
	ok(look_until(START + 2000) == LINGER_OVER,
	    "until the peer has been quiet");
	ok(wanted() == POLLIN, "poll(2) tells of what comes");
}

static void
patience_is_for_a_peer_that_goes_on(void)
{
	begin(1000, 0);
	ok(look_until(START + 1900) == LINGER_ON &&
		look_until(START + 2500) == LINGER_LOST,
	    "one that acknowledges nothing is given up after two seconds");
	begin(1000, 0);
	look_until(START + 1500);
	p.unsent = 900;
	now = START + 1500;
	ok(look_until(START + 3400) == LINGER_ON &&
		look_until(START + 4000) == LINGER_LOST,
	    "two seconds from the last that it acknowledged");
	begin(1000, 10000);
	ok(look_until(START + 9000) == LINGER_ON &&
		look_until(START + 12000) == LINGER_LOST,
	    "or after the patience that is asked for");
	begin(1000, -1);
	ok(look_until(START + LAST_MS) == LINGER_ON,
	    "or never, while its system answers");
	p.is_lost = true;
	ok(look_until(START + LAST_MS + 5000) == LINGER_LOST,
	    "until it does not");
	begin(1000, 0);
	look_until(START + 5000);
	ok(errno == ETIMEDOUT, "time is why one is given up");
}

static void
a_dead_connection_is_not_waited_for(void)
{
	begin(1000, -1);
	p.has_ended = p.is_lost = true;
	ok(linger_look(&l, &p.stream, now) == LINGER_LOST &&
		errno == ECONNRESET,
	    "a connection whose error was read already is lost at once");
	begin(0, -1);
	p.has_ended = p.is_lost = true;
	ok(linger_look(&l, &p.stream, now) == LINGER_OVER,
	    "but nothing is lost if everything had arrived");
}

static void
an_end_that_has_to_wait_is_told_later(void)
{
	begin(0, 0);
	l.must_shut = true;
	p.shut_code = STREAM_WANT_WRITE;
	ok(look_until(START + 1000) == LINGER_ON && !p.is_shut,
	    "a peer that cannot be told of the end yet is not left");
	ok((wanted() & POLLOUT) != 0, "poll(2) says when it can be");
	p.shut_code = 0;
	ok(look_until(START + 2500) == LINGER_OVER && p.is_shut,
	    "and then it is told");
	ok((wanted() & POLLOUT) == 0, "once");
	begin(0, 0);
	l.must_shut = true;
	p.shut_code = STREAM_WANT_WRITE;
	ok(look_until(START + 3000) == LINGER_LOST && errno == ETIMEDOUT,
	    "one that can never be told is given up");
	begin(0, 0);
	l.must_shut = true;
	p.shut_code = STREAM_ERROR;
	ok(look_until(START + 100) == LINGER_OVER,
	    "closing tells one that cannot be told otherwise");
}

static void
a_reset_destroys_nothing_and_waits_for_nothing_else(void)
{
	begin(1000, -1);
	p.stream.is_reset = true;
	p.available = 100;
	ok(wanted() == 0 && linger_look(&l, &p.stream, now) == LINGER_ON &&
		p.available == 100,
	    "before a reset nothing is read");
	p.unsent = 0;
	ok(look_until(START + 100) == LINGER_OVER,
	    "and it comes as soon as everything has arrived");
	begin(1000, -1);
	p.stream.is_reset = true;
	ok(look_until(START + 5000) == LINGER_LOST,
	    "patience does not count for a reset");
	begin(1000, 0);
	p.error = ECONNRESET;
	errno = 0;
	ok(linger_look(&l, &p.stream, now) == LINGER_FAILED &&
		errno == ECONNRESET,
	    "the peer's own reset is a failure");
	begin(1000, 0);
	p.stream.is_reset = true;
	p.error = EPIPE;
	ok(linger_look(&l, &p.stream, now) == LINGER_FAILED && errno == EPIPE,
	    "and is found without reading");
}

static void
a_shortage_of_memory_does_not_spin(void)
{
	begin(1000, 0);
	p.available = 100;
	p.is_short = true;
	ok(linger_look(&l, &p.stream, now) == LINGER_ON && wanted() == 0,
	    "what cannot be read now is not polled for");
	ok(l.look_at > now, "but tried again later");
	p.is_short = false;
	ok(linger_look(&l, &p.stream, l.look_at) == LINGER_ON &&
		p.available == 0 && wanted() == POLLIN,
	    "and read then");
}

int
main(void)
{
	what_has_arrived_is_not_waited_for();
	a_peer_that_still_sends_is_read();
	patience_is_for_a_peer_that_goes_on();
	a_reset_destroys_nothing_and_waits_for_nothing_else();
	a_dead_connection_is_not_waited_for();
	an_end_that_has_to_wait_is_told_later();
	a_shortage_of_memory_does_not_spin();
	return tap_end();
}
