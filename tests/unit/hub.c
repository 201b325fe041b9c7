/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "hub/hub.h"

#include "hub_scene.h"
#include "tap.h"

#define PREFIX "hub: "

static void
star_output(void)
{
	struct client *a, *b;

	set_scene(HUB_STAR);
	a = join(0);
	b = join(1);
	sends(a, "begun, ");
	sends(b, "another\n");
	sends(a, "ended\n");
	settle();
	ok(text_is(&s.output, "another\nbegun, ended\n"),
	    "a star writes complete lines");
	sends(a, "one\ntwo\nthr");
	settle();
	ok(text_is(&s.output, "one\ntwo\n"), "as many as there are");
	ok(hears(a, "") && hears(b, ""), "and to its output alone");
	stream_shut(a->member);
	settle();
	ok(text_is(&s.output, "thr"), "a client that ends has sent a line");
	sends_much(b, 65536 + 9);
	settle();
	ok(s.output.length == 65536 + 9, "a long line is written at once");
	s.output.length = 0;
	sends_bytes(b, s.output.bytes, 65536 - 1);
	settle();
	ok(s.output.length == 0, "one that is not complete is kept");
	sends(b, "x");
	settle();
	ok(s.output.length == 65536, "but no more than 64 KiB of it");
	clear_scene();

	set_scene(HUB_STAR);
	a = join_messages(0);
	sends(a, "no line");
	sends(a, "");
	settle();
	ok(text_is(&s.output, "no line"), "a message is complete by itself");
	clear_scene();
}

static void
star_output_full(void)
{
	struct client *a, *b;

	set_scene(HUB_STAR);
	s.space = 0;
	a = join(0);
	b = join(1);
	ok(sends_much(a, FULL - 1) && sends(b, "x\n"),
	    "a star takes lines until 256 KiB wait for the output");
	ok(!sends(a, "a\n") && !can_send(a), "and then lets clients wait");
	ok(!sends(b, "b\n") && !can_send(b), "all of them");
	ok(settle(), "and waits itself");
	s.space = 1000;
	turn();
	ok(can_send(a) && !can_send(b),
	    "when some is written, one client has its turn");
	ok(sends(a, "a\n") && can_send(b), "and after it the next");
	ok(!sends(a, "c\n"), "a client that has written waits behind it");
	settle();
	ok(can_send(a) && sends(a, "c\n"), "a turn that is not used is over");
	sends_much(a, FULL);
	ok(!sends(b, "b\n"), "and again clients wait");
	s.space = SIZE_MAX;
	settle();
	ok(sends(b, "b\n") && can_send(a), "and all go on when there is room");
	clear_scene();
}

static void
star_output_fails(void)
{
	struct client *a;

	set_scene(HUB_STAR);
	a = join(0);
	sends(a, "x\n");
	s.output_error = ENOSPC;
	settle();
	ok(s.failed == 1, "a star whose output fails says so");
	ok(!sends(a, "x\n") && a->has_failed, "and takes nothing more");
	s.output_error = EPIPE;
	ok(settle() && s.failed == 1, "once");
	clear_scene();

	set_scene(HUB_STAR);
	join(0);
	s.output_error = EPIPE;
	settle();
	ok(s.failed == 1, "also when only poll(2) has seen it");
	clear_scene();

	set_scene(HUB_STAR);
	s.stdio.writes_messages = true;
	a = join_messages(0);
	sends(a, "one");
	s.output_error = EMSGSIZE;
	settle();
	s.output_error = 0;
	sends(a, "two");
	settle();
	ok(text_is(&s.output, "two") && s.lost == 1 && s.failed == 0,
	    "a message that is too large is lost alone");
	ok(is_reported(PREFIX "standard output: datagram of 3 bytes: Message "
			      "too long\n"),
	    "and that is reported");
	clear_scene();
}

static void
star_input(void)
{
	struct client *a, *b;

	set_scene(HUB_STAR);
	a = join(0);
	leave(a);
	input_brings("one\n");
	ok(settle() && s.next == 0, "input waits for a member");
	a = join(0);
	b = join(1);
	settle();
	ok(hears(a, "one\n") && hears(b, "one\n"), "and goes to all");
	input_brings("no line");
	settle();
	ok(hears(a, "no line") && hears(b, "no line"), "as it comes");
	input_brings("last");
	input_answers(STREAM_EOF, 0);
	settle();
	ok(s.ended == 1, "its end is told");
	ok(hears(a, "last") && a->has_ended, "and reaches members");
	ok(!a->stream.is_reset, "as an end");
	ok(has_ended(join(2)), "also those that come later");
	clear_scene();
}

static void
star_input_fails(void)
{
	struct client *a, *b;

	set_scene(HUB_STAR);
	a = join(0);
	input_brings("some");
	input_answers(STREAM_ERROR, EIO);
	settle();
	ok(s.ended == 1 && s.lost == 1, "input that fails ends as a loss");
	ok(is_reported(PREFIX "standard input: Input/output error\n"),
	    "which is reported");
	ok(hears(a, "some") && !a->has_ended, "members stay");
	b = join(1);
	stream_shut(a->member);
	stream_shut(b->member);
	settle();
	ok(has_ended(a) && a->stream.is_reset,
	    "one that was there is reset at its end");
	ok(has_ended(b) && !b->stream.is_reset, "one that came later is not");
	clear_scene();

	set_scene(HUB_STAR);
	s.stdio.reads_messages = true;
	a = join_messages(0);
	input_answers(STREAM_ERROR, EMSGSIZE);
	input_brings("one");
	input_brings("");
	input_brings("two");
	settle();
	ok(s.lost == 1 && s.ended == 0 && hears(a, "onetwo") &&
		a->messages == 3,
	    "after a message that is too large others follow, empty ones too");
	forget_reports();
	input_answers(STREAM_LATER, ENOMEM);
	input_brings("three");
	settle();
	ok(hears(a, ""), "what the system is short of makes a pause");
	pass(10);
	ok(hears(a, "three"), "of 10 ms at first");
	ok(is_reported(
	       PREFIX "standard input: Cannot allocate memory, trying again\n"),
	    "which is reported");
	clear_scene();
}

static void
broker_passes_on(void)
{
	struct client *a, *b, *c;

	set_scene(HUB_BROKER);
	a = join(0);
	b = join(1);
	c = join(2);
	sends(a, "from a");
	sends(b, ", from b");
	settle();
	ok(hears(c, "from a, from b"), "a broker passes on what comes");
	ok(hears(a, ", from b") && hears(b, "from a"), "but not back");
	input_brings("typed");
	settle();
	ok(hears(a, "typed") && hears(c, "typed"), "input, too");
	ok(s.output.length == 0, "and writes nothing");
	input_answers(STREAM_EOF, 0);
	settle();
	sends(a, "on");
	ok(s.ended == 1 && hears(b, "typedon"),
	    "the end of input is not the end of a broker");
	clear_scene();

	set_scene(HUB_BROKER);
	a = join_messages(0);
	b = join_messages(1);
	c = join(2);
	sends(a, "one");
	sends(a, "");
	sends(a, "two");
	ok(hears(b, "onetwo") && b->messages == 3,
	    "messages stay apart, empty ones too");
	ok(hears(c, "onetwo"), "where they can");
	sends_much(c, 2500);
	reads_all(b);
	ok(b->messages == 6, "bytes are cut into messages that can be sent");
	clear_scene();
}

static void
broker_waits(void)
{
	struct client *a, *b, *c, *reader;

	set_scene(HUB_BROKER);
	a = join(0);
	b = join(1);
	c = join(2);
	reader = join(3);
	ok(sends_much(a, FULL),
	    "a member is sent 256 KiB that it has not read");
	reads_all(b);
	reads_all(c);
	ok(!sends(a, "a") && !sends(b, "b") && !sends(c, "c"),
	    "then all wait for it");
	ok(!can_send(a) && !can_send(b) && !can_send(c) && settle(),
	    "and nothing spins");
	ok(sends(reader, "r"), "but it may send itself");
	takes(reader, 1);
	ok(can_send(a) && !can_send(b) && !can_send(c),
	    "when it reads, the first has a turn");
	ok(!sends(b, "b"), "and no other");
	ok(sends(a, "a"), "which is one write");
	ok(!can_send(b) && !can_send(c), "that may fill it again");
	takes(reader, 1);
	ok(can_send(b) && !can_send(c), "the next turn is the next one's");
	turn();
	turn();
	ok(can_send(b), "which has time to use it");
	turn();
	ok(can_send(c), "and loses it when it does not");
	ok(sends(c, "c"), "so that others can go on");
	reads_all(reader);
	ok(reader->got.length == FULL + 2, "and nothing is lost");
	clear_scene();

	set_scene(HUB_BROKER);
	a = join(0);
	b = join(1);
	c = join(2);
	sends_much(a, FULL);
	ok(!sends(a, "a") && !sends(b, "b"), "a full member waits for another");
	reads_all(c);
	ok(can_send(b) && !can_send(a), "but not for itself");
	clear_scene();
}

static void
broker_input_waits(void)
{
	struct client *a, *reader;

	set_scene(HUB_BROKER);
	a = join(0);
	reader = join(1);
	sends_much(a, FULL);
	sends(a, "a");
	input_brings("typed");
	settle();
	ok(s.next == 0, "input is not read while a member is full");
	ok(settle(), "and nothing spins");
	takes(reader, 1);
	ok(sends(a, "a"), "it waits behind others");
	takes(reader, 1);
	settle();
	ok(s.next == 1, "and has its turn");
	reader->got.length = 0;
	reads_all(reader);
	ok(memcmp(reader->got.bytes + reader->got.length - 6, "atyped", 6) == 0,
	    "in order");
	clear_scene();
}

static void
slow_is_dropped(void)
{
	struct client *a, *slow;

	set_scene(HUB_BROKER);
	a = join(0);
	slow = join(1);
	sends_much(a, FULL);
	ok(!sends(a, "a"), "a member that reads nothing holds others up");
	pass(SLOW_MS - 1);
	ok(!can_send(a), "for as long as --slow-timeout");
	pass(1 + SLOW_MS / 16);
	ok(slow->member->ready & POLLERR && slow->stream.is_reset,
	    "then it is dropped and reset");
	ok(is_reported(PREFIX "client 1: too slow: dropped with 262144 bytes "
			      "not sent\n"),
	    "which is reported");
	ok(can_send(a) && sends(a, "a"), "and others go on");
	ok(!sends(slow, "x") && slow->has_failed, "it cannot send any more");
	clear_scene();

	set_scene(HUB_BROKER);
	a = join(0);
	slow = join(1);
	sends_much(a, 4 * FULL);
	for (int i = 0; i < 8; i++) {
		pass(SLOW_MS - SLOW_MS / 8);
		takes(slow, 65536);
		slow->unsent = 0;
	}
	pass(SLOW_MS / 8);
	ok(is_reported("") && !slow->stream.is_reset,
	    "one that reads 64 KiB within that time is not");
	for (int i = 0; i < 3; i++) {
		pass(SLOW_MS / 2);
		takes(slow, 65535 / 2);
		slow->unsent = 0;
	}
	ok(slow->stream.is_reset, "but less is too little");
	forget_reports();
	clear_scene();

	set_scene(HUB_BROKER);
	a = join(0);
	slow = join(1);
	sends_much(a, 3 * FULL);
	for (int i = 0; i < 4; i++) {
		pass(SLOW_MS / 2);
		takes(slow, 100000);
	}
	ok(slow->stream.is_reset, "what is not acknowledged is not read");
	ok(is_reported(PREFIX "client 1: too slow: dropped with 786432 bytes "
			      "not sent\n"),
	    "and is reported as lost");
	clear_scene();

	set_scene(HUB_BROKER);
	s.options.slow_timeout = -1;
	a = join(0);
	slow = join(1);
	sends_much(a, FULL);
	pass(1000000);
	ok(!slow->stream.is_reset && !sends(a, "a"),
	    "with --slow-timeout 0 all wait for it");
	stream_give_up(slow->member);
	ok(sends(a, "a"), "until its client takes no more");
	ok(!(slow->member->ready & POLLIN), "and then it gets nothing more");
	clear_scene();

	set_scene(HUB_BROKER);
	client(1)->stream.is_connectionless = true;
	a = join(0);
	slow = join_messages(1);
	sends(a, "x");
	stream_shut(slow->member);
	pass(SLOW_MS + SLOW_MS / 16);
	ok(slow->stream.is_reset, "one that is closed has no more time");
	forget_reports();
	clear_scene();
}

static void
ended_leave(void)
{
	struct client *a, *b, *listener;

	set_scene(HUB_BROKER);
	a = join(0);
	b = join(1);
	listener = join(2);
	ok(hub_spare(s.hub) == HUB_NO_SPARE, "no member is spare");
	stream_shut(listener->member);
	ok(hub_spare(s.hub) == HUB_SPARE_LISTENER,
	    "until one ends that has not sent a byte");
	sends(a, "bye");
	stream_shut(a->member);
	ok(hub_spare(s.hub) == HUB_SPARE_SPEAKER,
	    "or one that has, which comes before it");
	pass(999);
	ok(!has_ended(a), "that one stays for a second");
	sends(b, "wait");
	ok(hub_spare(s.hub) == HUB_NO_SPARE,
	    "none is spare with bytes to read");
	ok(hears(a, "wait"), "which it reads");
	pass(999);
	ok(!has_ended(a), "and stays for a second after that");
	pass(1);
	ok(has_ended(a) && hub_closing(s.hub) == 1, "then it is closed");
	leave(a);
	ok(hub_closing(s.hub) == 0 && hub_count(s.hub) == 2, "and leaves");
	pass(100000);
	ok(hears(listener, "byewait") && !has_ended(listener),
	    "the listener stays");
	hub_close_spare(s.hub);
	ok(has_ended(listener), "until its place is wanted");
	ok(!listener->stream.is_reset, "which is no failure");
	clear_scene();

	set_scene(HUB_BROKER);
	s.options.keeps_ended = true;
	a = join(0);
	sends(a, "bye");
	stream_shut(a->member);
	pass(100000);
	ok(!has_ended(a) && hub_spare(s.hub) == HUB_SPARE_LISTENER,
	    "with --no-shutdown one that has sent something stays, too");
	clear_scene();

	set_scene(HUB_STAR);
	s.stdio.in = -1;
	a = join(0);
	stream_shut(a->member);
	ok(has_ended(a),
	    "where nothing can come, an end is answered by an end");
	clear_scene();

	set_scene(HUB_BROKER);
	client(0)->stream.is_connectionless = true;
	a = join_messages(0);
	stream_shut(a->member);
	ok(has_ended(a), "a peer of a datagram socket has left when it ends");
	clear_scene();
}

static void
full_leaves(void)
{
	struct client *a, *b, *reader;

	set_scene(HUB_BROKER);
	a = join(0);
	b = join(1);
	reader = join(2);
	sends_much(a, FULL);
	reads_all(b);
	sends(a, "a");
	sends(b, "b");
	leave(reader);
	ok(can_send(a) && sends(a, "a") && sends(b, "b"),
	    "nobody waits for a full member that has left");
	reads_all(a);
	reads_all(b);
	reader = join(2);
	sends_much(a, FULL);
	reads_all(b);
	sends(b, "b");
	leave(b);
	takes(reader, KEPT);
	ok(sends(a, "a"), "or for the turn of a sender that has left");
	clear_scene();
}

static void
stop(void)
{
	struct client *a, *b, *c;

	set_scene(HUB_BROKER);
	a = join(0);
	b = join(1);
	c = join(2);
	sends_much(a, FULL);
	reads_all(c);
	sends(a, "more");
	sends(c, "more");
	hub_stop(s.hub);
	ok(can_send(a) && can_send(c) && !sends(a, "more") && a->has_failed,
	    "a broker that stops takes no more");
	ok(is_reported(PREFIX "client 0: stopped before all was passed on\n"),
	    "and says so");
	reads_all(b);
	ok(b->got.length == FULL && b->has_ended, "but passes on what it has");
	ok(!b->stream.is_reset, "and ends in order");
	clear_scene();

	set_scene(HUB_STAR);
	a = join(0);
	input_brings("some");
	settle();
	hub_stop(s.hub);
	ok(sends(a, "a\n"), "a star that stops still writes");
	ok(hears(a, "some") && a->has_ended && a->stream.is_reset,
	    "and resets its members, for the input has not ended");
	clear_scene();

	set_scene(HUB_STAR);
	s.stdio.is_mute = true;
	a = join(0);
	hub_stop(s.hub);
	ok(has_ended(a) && !a->stream.is_reset, "unless there is none");
	clear_scene();
}

static void
drain(void)
{
	struct client *a, *slow;

	set_scene(HUB_STAR);
	a = join(0);
	slow = join(1);
	input_brings("all");
	settle();
	hub_drain(s.hub);
	ok(!hub_is_drained(s.hub), "a hub is not drained with bytes to read");
	reads_all(a);
	takes(slow, KEPT);
	takes(slow, KEPT);
	ok(slow->has_ended && !hub_is_drained(s.hub),
	    "or with some that are not acknowledged");
	pass(SLOW_MS / 2);
	slow->unsent = 0;
	ok(hub_is_drained(s.hub), "then it is");
	pass(10 * SLOW_MS);
	ok(is_reported(""), "and members may stay");
	clear_scene();

	set_scene(HUB_STAR);
	join(0);
	slow = join(1);
	input_brings("all");
	settle();
	hub_drain(s.hub);
	reads_all(client(0));
	pass(SLOW_MS + SLOW_MS / 16);
	ok(slow->stream.is_reset && hub_is_drained(s.hub),
	    "one that reads nothing is dropped after --slow-timeout");
	forget_reports();
	clear_scene();
}

static void
chat(void)
{
	struct client *a, *b;

	set_scene(HUB_CHAT);
	a = join(0);
	b = join(1);
	ok(hears(a, "<announce> user2 joined from client 1\n"),
	    "a chat announces members");
	sends(b, "hel");
	ok(hears(a, ""), "waits for a complete line");
	sends(b, "lo\nyou\n");
	ok(hears(a, "<user2> hello\n<user2> you\n"), "and says whose it is");
	input_brings("typed\n");
	settle();
	ok(hears(a, "<server> typed\n") && hears(b, "<server> typed\n"),
	    "also of what is typed");
	sends(b, "\n");
	ok(hears(a, "<user2> \n"), "a line may be empty");
	sends_much(b, 4096 + 10);
	reads_all(a);
	ok(a->got.length == 4096 + 10 + 2 * 8 + 1,
	    "a long line is cut into two");
	a->got.length = 0;
	sends(b, "part");
	stream_shut(b->member);
	ok(hears(a, "<user2> part\n"), "the end completes a line");
	leave(b);
	ok(hears(a, "<announce> user2 left\n"), "who leaves is announced");
	b = join_messages(2);
	sends(a, "hi\n");
	sends(b, "one");
	sends(b, "two\nlines");
	ok(hears(a,
	       "<announce> user3 joined from client 2\n<user3> one\n"
	       "<user3> two\n<user3> lines\n"),
	    "messages are complete lines");
	ok(hears(b, "<user1> hi\n") && b->messages == 1,
	    "and lines are messages");
	clear_scene();
}

static void
chat_waits(void)
{
	static char lines[KEPT];
	struct client *a, *reader;
	size_t done = 0, turns = 0;

	set_scene(HUB_CHAT);
	a = join(0);
	reader = join(1);
	memset(lines, '\n', FULL);
	while (done < FULL) {
		ssize_t n = sends_bytes(a, lines + done, FULL - done);

		if (n > 0)
			done += (size_t)n;
		else
			reads_all(reader);
		turns++;
		reader->got.length = 0;
	}
	ok(turns > 8, "lines that grow by a name wait for room for each");
	clear_scene();
}

/* The counts and lists of a hub, from its members one by one. */
static bool
counts_are_right(void)
{
	size_t live = 0, full = 0, closing = 0, waiting = 0;
	struct member *m;

	TAILQ_FOREACH (m, &s.hub->members, others) {
		live += m->is_live;
		full += m->is_full;
		closing += m->is_closing;
		if (m->is_full !=
		    (m->is_live &&
			m->queue.buffer.end - m->queue.buffer.start >= FULL))
			return false;
	}
	TAILQ_FOREACH (m, &s.hub->turns.waiting, waiting)
		waiting++;
	return live == s.hub->live && full == s.hub->full &&
	    closing == s.hub->closing &&
	    (waiting > 0 || s.hub->turns.current == NULL);
}

/* Whether bytes of each sender are there in order, and all of them. */
static bool
is_complete(const struct client *reader, const size_t *sent)
{
	size_t heard[CLIENTS] = { 0 };

	for (size_t i = 0; i < reader->got.length; i++) {
		uint8_t byte = (uint8_t)reader->got.bytes[i];
		int sender = byte >> 5;

		if ((byte & 31) != heard[sender]++ % 31)
			return false;
	}
	for (int i = 0; i < CLIENTS; i++)
		if (client(i) != reader && heard[i] != sent[i])
			return false;
	return true;
}

static bool
do_something(size_t *sent)
{
	static uint8_t bytes[KEPT];
	int number = rand() % CLIENTS;
	struct client *c = client(number);
	size_t length = 1 + (size_t)rand() % 50000;
	ssize_t n;

	switch (rand() % 4) {
	case 0:
		takes(c, length);
		c->unsent = 0;
		break;
	case 1:
		turn();
		break;
	default:
		if (!can_send(c) || sent[number] > KEPT / 8)
			break;
		for (size_t i = 0; i < length; i++)
			bytes[i] =
			    (uint8_t)(number << 5 | (sent[number] + i) % 31);
		n = sends_bytes(c, bytes, length);
		if (n > 0)
			sent[number] += (size_t)n;
		break;
	}
	return counts_are_right();
}

/* Whatever the order, all is passed on, and nobody waits in the end. */
static void
walk(void)
{
	bool is_right = true;

	for (unsigned seed = 0; seed < 50; seed++) {
		size_t sent[CLIENTS] = { 0 };

		srand(seed);
		set_scene(HUB_BROKER);
		for (int i = 0; i < CLIENTS; i++)
			join(i);
		for (int i = 0; i < 500; i++)
			is_right &= do_something(sent);
		for (int i = 0; i < CLIENTS; i++)
			reads_all(client(i));
		is_right &= settle();
		for (int i = 0; i < CLIENTS; i++)
			is_right &=
			    can_send(client(i)) && is_complete(client(i), sent);
		clear_scene();
	}
	ok(is_right, "in any order of 500 events all is passed on");
}

int
main(void)
{
	keep_reports();
	star_output();
	star_output_full();
	star_output_fails();
	star_input();
	star_input_fails();
	broker_passes_on();
	broker_waits();
	broker_input_waits();
	slow_is_dropped();
	ended_leave();
	full_leaves();
	stop();
	drain();
	chat();
	chat_waits();
	walk();
	return tap_end();
}
