/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * How the bytes of a flow move: what arrives, and what was counted and seen.
 */
#include <errno.h>
#include <unistd.h>

#include "fakes.h"
#include "tap.h"

static void
note_bytes(void *context, enum flow_side side, const void *bytes, size_t length)
{
	struct stage *stage = context;

	memcpy(stage->seen[side] + stage->seen_length[side], bytes, length);
	stage->seen_length[side] += length;
}

static bool
has_seen(enum flow_side side, const char *bytes)
{
	return s.seen_length[side] == strlen(bytes) &&
	    memcmp(s.seen[side], bytes, strlen(bytes)) == 0;
}

static void
all_that_moves_is_counted(void)
{
	set_stage();
	s.source.reads = ANSWERS(BYTES("one\n"), BYTES("two\n"));
	s.sink.writes = ANSWERS(TAKE(2));
	begin(&(struct flow_options){
	    .crlf = true, .tap = note_bytes, .tap_context = &s });
	source_is_ready();
	source_is_ready();
	ok(s.flow.bytes_in == 8 && s.flow.reads == 2 &&
		s.flow.bytes_out == 10 && s.source.stream.passed_on == 10 &&
		s.flow.has_moved,
	    "bytes that are read and written are counted");
	ok(has_seen(FLOW_SOURCE, "one\ntwo\n") &&
		has_seen(FLOW_SINK, "one\r\ntwo\r\n"),
	    "a tap sees them as they were read and written");
	end();
}

static void
a_limit_of_reads_ends_the_flow(void)
{
	const struct answer *reads =
	    ANSWERS(BYTES("one"), BYTES("two"), BYTES("three"));

	set_stage();
	s.source.reads = reads;
	begin(&(struct flow_options){ .read_limit = 2 });
	source_is_ready();
	ok(s.flow.state == FLOW_OPEN, "one read of two is not the last");
	source_is_ready();
	ok(has_got("onetwo") && s.sink.is_shut && s.source.calls == 2,
	    "after so many reads the flow ends");
	end();
	set_messages();
	s.source.reads = reads;
	begin(&(struct flow_options){ .read_limit = 2 });
	source_is_ready();
	source_is_ready();
	ok(has_got("onetwo") && s.sink.is_shut && s.flow.reads == 2,
	    "and so with messages");
	end();
}

static void
a_line_is_followed_by_a_pause(void)
{
	set_stage();
	s.source.reads = ANSWERS(BYTES("one\ntwo\nthr"), CODE(STREAM_EOF));
	begin(&(struct flow_options){ .line_delay = 500 });
	source_is_ready();
	ok(has_got("one\n") && flow_deadline(&s.flow) == s.now + 500,
	    "with -i a line is written, and then there is a pause");
	source_is_ready();
	s.now += 499;
	step(-1, 0);
	ok(has_got("one\n"), "nothing is written before it is over");
	s.now++;
	step(-1, 0);
	ok(has_got("one\ntwo\n") && s.flow.state == FLOW_DRAIN,
	    "then the next line is");
	s.now += 500;
	step(-1, 0);
	ok(has_got("one\ntwo\nthr") && s.sink.is_shut,
	    "the last one needs no end");
	end();
}

static void
telnet_is_answered(void)
{
	struct flow outbound;
	struct stage first;

	set_stage();
	begin(&(struct flow_options){ .crlf = true, .telnet_encode = true });
	outbound = s.flow;
	first = s;
	set_stage();
	s.source.reads = ANSWERS(BYTES("a\xff\xfd\x01z"));
	outbound.to = &first.sink.stream;
	begin(&(struct flow_options){
	    .answers = &outbound, .tap = note_bytes, .tap_context = &s });
	source_is_ready();
	ok(has_got("az") && has_seen(FLOW_SOURCE, "a\xff\xfd\x01z"),
	    "an option that the peer asks for is no data");
	ok(buffer_used(&outbound.buffer) == 3 &&
		memcmp(buffer_head(&outbound.buffer), "\xff\xfc\x01", 3) == 0,
	    "it is refused in the other direction");
	end();
	flow_clear(&outbound);
	set_stage();
	s.source.reads = ANSWERS(BYTES("\xff\n"));
	begin(&(struct flow_options){ .crlf = true, .telnet_encode = true });
	source_is_ready();
	ok(has_got("\xff\xff\r\n"), "-C and -t go together");
	end();
}

static void
messages_stay_apart(void)
{
	const struct answer *reads =
	    ANSWERS(BYTES("one"), BYTES(""), BYTES("three"));

	set_messages();
	s.source.reads = reads;
	begin(&plain);
	for (int i = 0; i < 3; i++)
		source_is_ready();
	ok(has_got("onethree") && s.sink.messages == 3 && s.flow.reads == 3 &&
		s.flow.state == FLOW_OPEN,
	    "each message is written as one, an empty one, too");
	end();
	set_messages();
	s.source.reads = reads;
	begin(&(struct flow_options){ .null_eof = true });
	source_is_ready();
	source_is_ready();
	ok(has_got("one") && s.flow.state == FLOW_SHUT && s.sink.messages == 2,
	    "with --null-eof an empty one is the end, and tells it");
	end();
	set_stage();
	s.sink.stream.writes_messages = true;
	s.sink.stream.message_size = 4;
	s.source.reads = reads + 2;
	begin(&plain);
	source_is_ready();
	ok(has_got("three") && s.sink.messages == 2,
	    "a stream of bytes is cut into messages");
	end();
}

static void
an_empty_datagram_may_have_to_wait(void)
{
	set_messages();
	s.source.reads = ANSWERS(BYTES(""));
	s.sink.writes = ANSWERS(CODE(STREAM_WANT_WRITE));
	begin(&(struct flow_options){ .null_eof = true });
	source_is_ready();
	ok(s.flow.state == FLOW_WRITTEN && waits_for(SINK_OUT) == POLLOUT,
	    "an empty datagram that is the end waits for its sink");
	step(SINK_OUT, POLLOUT);
	ok(s.flow.state == FLOW_SHUT && s.sink.messages == 1,
	    "and is sent once");
	end();
	set_messages();
	s.source.reads = ANSWERS(BYTES(""));
	s.sink.shuts = ANSWERS(CODE(STREAM_WANT_WRITE));
	begin(&(struct flow_options){ .null_eof = true });
	source_is_ready();
	step(SINK_OUT, POLLOUT);
	ok(s.sink.is_shut && s.sink.messages == 1,
	    "also where the end of writing has to wait");
	end();
}

static void
one_message_may_be_lost(void)
{
	set_messages();
	s.source.reads = ANSWERS(BYTES("one"), BYTES("two"), BYTES("three"));
	s.sink.writes = ANSWERS(FAIL(STREAM_ERROR, ECONNREFUSED), TAKE(3),
	    FAIL(STREAM_ERROR, EMSGSIZE), FAIL(STREAM_ERROR, EMSGSIZE));
	begin(&plain);
	source_is_ready();
	ok(has_got("one") && s.errors.are_any,
	    "a message that met another one's error is sent again");
	source_is_ready();
	ok(has_got("one") && !flow_has_data(&s.flow) &&
		s.flow.state == FLOW_OPEN && s.errors.runs[1].count == 2,
	    "one that fails twice is dropped, and told once");
	source_is_ready();
	ok(has_got("onethree"), "and the next one is sent");
	end();
	set_messages();
	s.source.reads = ANSWERS(BYTES("one"), BYTES("two"));
	s.sink.writes = ANSWERS(
	    FAIL(STREAM_ERROR, ECONNREFUSED), FAIL(STREAM_ERROR, EHOSTUNREACH));
	begin(&plain);
	source_is_ready();
	ok(s.sink.calls == 2 && !flow_has_data(&s.flow) &&
		s.errors.runs[1].count == 2,
	    "one that fails in two ways is not tried a third time");
	source_is_ready();
	ok(has_got("two"), "and does not hold up the next one");
	end();
}

static void
a_source_of_datagrams_has_news(void)
{
	set_messages();
	s.source.reads =
	    ANSWERS(FAIL(STREAM_ERROR, ECONNREFUSED), BYTES("hello"));
	begin(&plain);
	source_is_ready();
	ok(s.flow.state == FLOW_OPEN && s.errors.are_any,
	    "an error of one datagram is news");
	source_is_ready();
	ok(has_got("hello"), "and reading goes on");
	end();
}

/* Three messages at once, the second one of no bytes. */
static int
read_three(struct stream *stream, uint8_t *space, size_t size, int count,
    struct messages *messages)
{
	(void)stream;
	(void)size;
	memcpy(space, "onethree", 8);
	messages_add(messages, 3);
	messages_add(messages, 0);
	messages_add(messages, 5);
	return count;
}

/* One read, of many messages that had been joined. */
static int
read_many(struct stream *stream, uint8_t *space, size_t size, int count,
    struct messages *messages)
{
	(void)stream;
	memset(space, 'x', size);
	(void)count;
	for (int i = 0; i < 100; i++)
		messages_add(messages, 1);
	return 1;
}

/* The rest of what such a read brings is dropped. */
static void
a_batch_may_hold_the_last_message(void)
{
	struct stream_kind kind = fake_kind;

	kind.read_messages = read_three;
	set_messages();
	s.source.stream.kind = &kind;
	begin(&(struct flow_options){
	    .read_limit = 2, .tap = note_bytes, .tap_context = &s });
	source_is_ready();
	ok(has_got("one") && s.sink.messages == 2 && s.flow.reads == 2 &&
		s.sink.is_shut && has_seen(FLOW_SOURCE, "one"),
	    "of many messages at once only those are counted that are wanted");
	end();
	set_messages();
	s.source.stream.kind = &kind;
	begin(&(struct flow_options){
	    .null_eof = true, .tap = note_bytes, .tap_context = &s });
	source_is_ready();
	ok(has_got("one") && s.flow.state == FLOW_SHUT &&
		has_seen(FLOW_SOURCE, "one"),
	    "and only those before the one that is the end");
	end();
}

static void
a_burst_makes_a_flow_coalesce(void)
{
	struct stream_kind kind = fake_kind;

	kind.read_messages = read_many;
	set_messages();
	s.source.stream.kind = &kind;
	s.source.stream.has_deep_queue = true;
	begin(&plain);
	source_is_ready();
	ok(waits_for(SOURCE_IN) == POLLIN &&
		flow_deadline(&s.flow) == LOOP_NEVER,
	    "while there may be more messages, they are read");
	source_is_ready();
	ok(waits_for(SOURCE_IN) == -1 && flow_deadline(&s.flow) == s.now + 1,
	    "after a burst they gather for a millisecond");
	s.now++;
	step(-1, 0);
	ok(waits_for(SOURCE_IN) == POLLIN &&
		flow_deadline(&s.flow) == LOOP_NEVER,
	    "and are read again");
	end();
}

static void
an_idle_flow_keeps_no_memory(void)
{
	set_messages();
	s.source.reads = ANSWERS(BYTES("one"), BYTES("two"));
	begin(&plain);
	source_is_ready();
	flow_trim(&s.flow);
	ok(s.flow.buffer.data == NULL && s.flow.strategy_state == NULL,
	    "a flow that holds nothing can do without memory");
	source_is_ready();
	ok(has_got("onetwo"), "and gets it again");
	end();
}

int
main(void)
{
	tap_hush();
	all_that_moves_is_counted();
	a_limit_of_reads_ends_the_flow();
	a_line_is_followed_by_a_pause();
	telnet_is_answered();
	messages_stay_apart();
	an_empty_datagram_may_have_to_wait();
	one_message_may_be_lost();
	a_source_of_datagrams_has_news();
	a_batch_may_hold_the_last_message();
	a_burst_makes_a_flow_coalesce();
	an_idle_flow_keeps_no_memory();
	return tap_end();
}
