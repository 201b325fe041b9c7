/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a flow waits for after each code from each call, and how it ends.
 */
#include <errno.h>
#include <unistd.h>

#include "fakes.h"
#include "tap.h"

enum { STEPS_MAX = 20 };

static void
bytes_pass_and_then_the_end(void)
{
	set_stage();
	s.source.reads = ANSWERS(BYTES("hello"), CODE(STREAM_EOF));
	begin(&plain);
	ok(s.flow.state == FLOW_OPEN && s.sink.aborts,
	    "a flow begins open, and our death would abort its sink");
	ok(waits_for(SOURCE_IN) == POLLIN && waits_for(SINK_OUT) == 0 &&
		flow_deadline(&s.flow) == LOOP_NEVER,
	    "it waits for its source, and for news of its sink");
	step(-1, 0);
	ok(s.source.calls == 0, "nothing is read before it can be");
	source_is_ready();
	ok(has_got("hello") && s.flow.state == FLOW_OPEN,
	    "what was read is written in the same step");
	source_is_ready();
	ok(s.flow.state == FLOW_SHUT && s.sink.is_shut && !s.sink.aborts &&
		s.flow.failure == FLOW_OK,
	    "the end is passed on");
	ok(waits_for(SOURCE_IN) == -1 && waits_for(SINK_OUT) == -1 &&
		flow_deadline(&s.flow) == LOOP_NEVER,
	    "and then nothing is waited for");
	end();
}

static void
a_read_may_want_anything(void)
{
	set_stage();
	s.source.reads = ANSWERS(
	    CODE(STREAM_WANT_READ), CODE(STREAM_WANT_WRITE), BYTES("hello"));
	begin(&plain);
	source_is_ready();
	ok(waits_for(SOURCE_IN) == POLLIN && waits_for(SOURCE_OUT) == -1,
	    "a read that wants to read waits for its descriptor");
	source_is_ready();
	ok(waits_for(SOURCE_IN) == -1 && waits_for(SOURCE_OUT) == POLLOUT,
	    "a read that wants to write waits for the other one");
	step(SOURCE_OUT, POLLIN);
	s.source.stream.ready = POLLIN | POLLOUT;
	ok(flow_deadline(&s.flow) == LOOP_NEVER && s.source.calls == 2,
	    "and for nothing else");
	s.source.stream.ready = 0;
	step(SOURCE_OUT, POLLOUT);
	ok(has_got("hello") && waits_for(SOURCE_IN) == POLLIN &&
		waits_for(SOURCE_OUT) == -1,
	    "once it has written, reading goes on");
	end();
}

static void
a_read_may_fail(void)
{
	const struct answer *reads =
	    ANSWERS(BYTES("hello"), FAIL(STREAM_ERROR, ECONNRESET));

	set_stage();
	s.source.reads = reads;
	s.sink.stream.kind = &connection_kind;
	begin(&plain);
	source_is_ready();
	source_is_ready();
	ok(s.flow.failure == FLOW_SOURCE_FAILED && s.flow.error == ECONNRESET,
	    "a source that fails has its errno kept");
	ok(has_got("hello") && s.flow.state == FLOW_SHUT && !s.sink.is_shut &&
		s.sink.stream.is_reset,
	    "its sink is reset behind what came before");
	end();
	set_stage();
	s.source.reads = reads;
	begin(&(struct flow_options){ .tolerate_abort = true });
	source_is_ready();
	source_is_ready();
	ok(s.flow.failure == FLOW_OK && s.sink.is_shut,
	    "a reset that is tolerated is an end");
	end();
}

static void
a_shortage_is_waited_out(void)
{
	set_stage();
	s.source.reads = ANSWERS(FAIL(STREAM_LATER, ENOMEM), BYTES("hello"));
	s.sink.writes = ANSWERS(FAIL(STREAM_LATER, ENOBUFS));
	begin(&plain);
	source_is_ready();
	ok(waits_for(SOURCE_IN) == -1 && flow_deadline(&s.flow) > s.now,
	    "a source that is short of memory is left alone for a while");
	s.now = flow_deadline(&s.flow);
	step(-1, 0);
	source_is_ready();
	ok(s.sink.length == 0 && s.flow.is_short && !s.flow.is_blocked &&
		flow_deadline(&s.flow) > s.now,
	    "and so is a sink");
	s.now = flow_deadline(&s.flow);
	step(-1, 0);
	ok(has_got("hello") && s.flow.failure == FLOW_OK,
	    "then the bytes go on");
	end();
}

static void
a_shortage_does_not_last(void)
{
	struct answer writes[STEPS_MAX + 1];
	int64_t start;

	set_stage();
	for (int i = 0; i <= STEPS_MAX; i++)
		writes[i] =
		    (struct answer){ .result = STREAM_LATER, .error = ENOMEM };
	s.source.reads = ANSWERS(BYTES("hello"));
	s.sink.writes = writes;
	begin(&plain);
	start = s.now;
	source_is_ready();
	for (int i = 0; i < STEPS_MAX && s.flow.state != FLOW_SHUT; i++) {
		s.now = flow_deadline(&s.flow);
		step(-1, 0);
	}
	ok(s.flow.failure == FLOW_SINK_FAILED && s.flow.error == ENOMEM &&
		s.flow.lost == 5 && s.now - start >= 10000,
	    "after ten seconds a shortage is a failure");
	end();
}

static void
a_write_may_take_a_part(void)
{
	set_stage();
	s.source.reads =
	    ANSWERS(BYTES("hello, "), BYTES("world"), CODE(STREAM_EOF));
	s.sink.writes = ANSWERS(TAKE(2), TAKE(3), CODE(STREAM_WANT_WRITE),
	    TAKE(1), CODE(STREAM_WANT_WRITE));
	begin(&plain);
	source_is_ready();
	ok(has_got("hello") && waits_for(SINK_OUT) == POLLOUT &&
		flow_has_data(&s.flow),
	    "a sink that is full is waited for");
	ok(waits_for(SOURCE_IN) == POLLIN, "while there is space to read");
	source_is_ready();
	source_is_ready();
	ok(s.flow.state == FLOW_DRAIN && s.sink.calls == 3,
	    "and is not tried while it is full");
	step(SINK_OUT, POLLOUT);
	ok(has_got("hello,") && s.flow.state == FLOW_DRAIN,
	    "the end waits for what is held");
	step(SINK_OUT, POLLOUT);
	ok(has_got("hello, world") && s.sink.is_shut, "nothing is lost");
	end();
}

static void
a_write_may_want_to_read(void)
{
	set_stage();
	s.source.reads = ANSWERS(BYTES("hello"));
	s.sink.writes =
	    ANSWERS(CODE(STREAM_WANT_READ), CODE(STREAM_WANT_WRITE));
	begin(&plain);
	source_is_ready();
	ok(waits_for(SINK_IN) == POLLIN && waits_for(SINK_OUT) == 0,
	    "a write that wants to read waits for the sink's input");
	step(SINK_OUT, POLLOUT);
	s.sink.stream.ready = POLLIN | POLLOUT;
	ok(flow_deadline(&s.flow) == LOOP_NEVER && s.sink.calls == 1,
	    "and for nothing else");
	s.sink.stream.ready = 0;
	step(SINK_IN, POLLIN);
	ok(s.sink.calls == 2 && waits_for(SINK_IN) == -1 &&
		waits_for(SINK_OUT) == POLLOUT,
	    "then it may want to write");
	step(SINK_OUT, POLLOUT);
	ok(has_got("hello"), "and then it is done");
	end();
}

static void
streams_without_descriptors_say_what_they_can(void)
{
	set_stage();
	s.source.reads = ANSWERS(CODE(STREAM_WANT_WRITE), BYTES("hello"));
	s.sink.writes = ANSWERS(CODE(STREAM_WANT_READ));
	s.source.stream.in = s.source.stream.out = -1;
	s.sink.stream.in = s.sink.stream.out = -1;
	begin(&plain);
	s.source.stream.ready = POLLIN;
	ok(flow_deadline(&s.flow) == 0, "a source that is ready is read");
	step(-1, 0);
	ok(flow_deadline(&s.flow) == LOOP_NEVER, "until it wants to write");
	s.source.stream.ready = POLLOUT;
	ok(flow_deadline(&s.flow) == 0, "which it can tell, too");
	step(-1, 0);
	ok(s.flow.is_blocked && flow_deadline(&s.flow) == LOOP_NEVER,
	    "a sink that wants to read");
	s.sink.stream.ready = POLLIN;
	ok(flow_deadline(&s.flow) == 0, "tells when it can");
	step(-1, 0);
	ok(has_got("hello"), "and takes the bytes");
	end();
}

static void
bytes_that_are_held_are_read(void)
{
	set_stage();
	s.source.reads = ANSWERS(BYTES("one"), BYTES("two"));
	begin(&plain);
	source_is_ready();
	s.source.stream.ready = POLLIN;
	ok(flow_deadline(&s.flow) == 0,
	    "bytes that poll(2) cannot see are not waited for");
	step(-1, 0);
	s.source.stream.ready = 0;
	ok(has_got("onetwo") && flow_deadline(&s.flow) == LOOP_NEVER,
	    "but read, and then the descriptor tells again");
	end();
}

/* What the end of writing may answer first, and where that is waited for. */
static void
an_end_may_have_to_wait(int code, int fd, short events)
{
	struct answer shuts[] = { { .result = code, .error = ENOBUFS },
		{ .result = code, .error = ENOBUFS }, { 0 } };
	bool is_waited_for;

	set_stage();
	s.source.reads = ANSWERS(BYTES("hello"), CODE(STREAM_EOF));
	s.sink.shuts = shuts;
	begin(&plain);
	source_is_ready();
	source_is_ready();
	ok(s.flow.state == FLOW_WRITTEN && !s.sink.is_shut,
	    "a sink may not take the end at once");
	is_waited_for =
	    fd == -1 ? flow_deadline(&s.flow) > s.now : waits_for(fd) == events;
	ok(is_waited_for && waits_for(SOURCE_IN) == -1, "it says why");
	step(-1, 0);
	ok(s.sink.shuts == shuts + 1, "it is left alone");
	for (int i = 0; i < 2; i++) {
		if (fd == -1)
			s.now = flow_deadline(&s.flow);
		step(fd, events);
	}
	ok(s.sink.is_shut && s.flow.state == FLOW_SHUT &&
		s.flow.failure == FLOW_OK,
	    "and told again until it takes it");
	end();
}

static void
an_end_may_fail(void)
{
	set_stage();
	s.source.reads = ANSWERS(CODE(STREAM_EOF));
	s.sink.shuts = ANSWERS(FAIL(STREAM_ERROR, ENOSPC));
	begin(&plain);
	source_is_ready();
	ok(s.flow.state == FLOW_SHUT && s.flow.failure == FLOW_SINK_FAILED &&
		s.flow.error == ENOSPC,
	    "an end that is refused is a failure of the sink");
	end();
}

static void
what_a_sink_that_fails_did_not_take_is_lost(void)
{
	const struct answer *reads = ANSWERS(BYTES("hello"), BYTES("more"));
	const struct answer *writes =
	    ANSWERS(TAKE(2), CODE(STREAM_WANT_WRITE), FAIL(STREAM_ERROR, EIO));

	set_stage();
	s.source.reads = reads;
	s.sink.writes = writes;
	begin(&plain);
	source_is_ready();
	source_is_ready();
	step(SINK_OUT, POLLOUT);
	ok(s.flow.state == FLOW_SHUT && s.flow.failure == FLOW_SINK_FAILED &&
		s.flow.error == EIO && s.flow.lost == 7,
	    "a sink that fails ends the flow, and what is lost is counted");
	ok(!flow_has_data(&s.flow) && waits_for(SOURCE_IN) == -1,
	    "nothing is held any more, or read");
	end();
	set_stage();
	s.source.reads = reads;
	s.sink.writes = writes;
	begin(&plain);
	source_is_ready();
	step(SINK_OUT, POLLHUP);
	ok(s.flow.failure == FLOW_SINK_FAILED && s.flow.error == EPIPE &&
		s.flow.is_hangup && s.flow.lost == 3,
	    "a hang-up is a broken pipe");
	end();
}

static void
a_source_known_to_have_failed_is_read_to_its_end(void)
{
	set_stage();
	s.source.reads = ANSWERS(BYTES("hello"), CODE(STREAM_EOF));
	s.sink.stream.kind = &connection_kind;
	begin(&plain);
	flow_fail_source(&s.flow, ECONNRESET);
	source_is_ready();
	ok(has_got("hello") && s.flow.state == FLOW_OPEN,
	    "what a dead source has brought is passed on");
	source_is_ready();
	ok(s.flow.state == FLOW_SHUT && s.sink.stream.is_reset,
	    "and then not its end, but a reset");
	end();
}

static void
a_hurried_flow_does_not_wait(void)
{
	set_stage();
	s.source.reads =
	    ANSWERS(BYTES("one\n"), BYTES("two\n"), CODE(STREAM_EOF));
	begin(&plain);
	flow_hurry(&s.flow, 1000);
	ok(has_got("one\ntwo\n") && s.sink.is_shut,
	    "what stands ready is taken to its end without a step");
	end();
}

int
main(void)
{
	tap_hush();
	bytes_pass_and_then_the_end();
	a_read_may_want_anything();
	a_read_may_fail();
	a_shortage_is_waited_out();
	a_shortage_does_not_last();
	a_write_may_take_a_part();
	a_write_may_want_to_read();
	streams_without_descriptors_say_what_they_can();
	bytes_that_are_held_are_read();
	an_end_may_have_to_wait(STREAM_WANT_WRITE, SINK_OUT, POLLOUT);
	an_end_may_have_to_wait(STREAM_WANT_READ, SINK_IN, POLLIN);
	an_end_may_have_to_wait(STREAM_LATER, -1, 0);
	an_end_may_fail();
	what_a_sink_that_fails_did_not_take_is_lost();
	a_source_known_to_have_failed_is_read_to_its_end();
	a_hurried_flow_does_not_wait();
	return tap_end();
}
