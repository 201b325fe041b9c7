/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "dial/unanswered.h"

#include <sys/socket.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

static int pair[2];

static bool
brings(const void *bytes, size_t length)
{
	static char found[UNANSWERED_BYTES];
	ssize_t n = recv(pair[1], found, sizeof(found), MSG_DONTWAIT);

	return n == (ssize_t)length && memcmp(found, bytes, length) == 0;
}

static bool
brings_no_more(void)
{
	char byte;

	return recv(pair[1], &byte, 1, MSG_DONTWAIT) == -1;
}

static void
all_are_sent_again(void)
{
	struct unanswered u = { 0 };

	unanswered_send(&u, pair[0]);
	ok(brings_no_more(), "of none, none is sent");
	unanswered_keep(&u, "one", 3);
	unanswered_keep(&u, "", 0);
	unanswered_keep(&u, "three", 5);
	unanswered_send(&u, pair[0]);
	ok(brings("one", 3) && brings("", 0) && brings("three", 5) &&
		brings_no_more(),
	    "all are sent again, in order and one by one");
	unanswered_send(&u, pair[0]);
	ok(brings("one", 3) && brings("", 0) && brings("three", 5),
	    "and once more, if they are still not answered");
	unanswered_clear(&u);
	unanswered_send(&u, pair[0]);
	ok(brings_no_more(), "what was answered is not sent again");
}

static void
there_is_a_limit(void)
{
	static const char large[UNANSWERED_BYTES];
	struct unanswered u = { 0 };

	for (int i = 0; i < UNANSWERED_MAX + 10; i++)
		unanswered_keep(&u, "x", 1);
	ok(u.count == UNANSWERED_MAX, "so many datagrams are kept");
	unanswered_clear(&u);
	unanswered_keep(&u, large, sizeof(large) - 1);
	unanswered_keep(&u, "xx", 2);
	unanswered_keep(&u, "y", 1);
	unanswered_keep(&u, "z", 1);
	ok(u.count == 2 && u.used == UNANSWERED_BYTES &&
		u.bytes[u.used - 1] == 'y',
	    "and so many bytes");
	unanswered_clear(&u);
}

int
main(void)
{
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == -1)
		abort();
	all_are_sent_again();
	there_is_a_limit();
	return tap_end();
}
