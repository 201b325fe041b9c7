/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A flow between pipes, sockets and files whose bytes the kernel moves, or
 * refuses to.
 */
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "fakes.h"
#include "tap.h"

enum { MUCH = 32 * 1024, ROOM = 64 * MUCH, TURNS = 20 };

/* Real descriptors, between which the kernel can move bytes. */
static ssize_t
real_read(struct stream *stream, void *bytes, size_t length)
{
	return stream_read_code(read(stream->in, bytes, length));
}

static ssize_t
real_write(struct stream *stream, const void *bytes, size_t length)
{
	return stream_write_code(write(stream->out, bytes, length));
}

static const struct stream_kind real_kind = {
	.read = real_read,
	.write = real_write,
	.shut = fake_shut,
	.error = fake_error,
	.free = fake_free,
};

/* Our ends: where bytes are put in, and where they come out. */
static int in, out;
static char sent[ROOM], received[ROOM];
static size_t sent_length, received_length;

static void
open_pair(enum stream_medium medium, int *reader, int *writer)
{
	int fds[2], result;

	if (medium == STREAM_PIPE)
		result = pipe2(fds, O_NONBLOCK);
	else
		result =
		    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds);
	if (result == -1)
		abort();
	*reader = fds[0];
	*writer = fds[1];
}

/* A file is one to append to, which splice(2) refuses. */
static void
set_real_stage(enum stream_medium from, enum stream_medium to)
{
	char path[] = "/tmp/unit-strategy.XXXXXX";

	set_stage();
	s.source.stream.kind = s.sink.stream.kind = &real_kind;
	s.source.stream.in_medium = from;
	s.sink.stream.out_medium = to;
	open_pair(from, &s.source.stream.in, &in);
	if (to == STREAM_FILE) {
		s.sink.stream.out = mkstemp(path);
		out = open(path, O_RDONLY);
		fcntl(s.sink.stream.out, F_SETFL, O_APPEND);
		unlink(path);
	} else {
		open_pair(to, &out, &s.sink.stream.out);
	}
	sent_length = received_length = 0;
	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (char)(i * i >> 8);
	begin(&plain);
}

static void
end_real_stage(void)
{
	end();
	close(s.source.stream.in);
	close(s.sink.stream.out);
	close(in);
	close(out);
}

/* Sends what the source takes, and steps as often as there is something. */
static void
pass(size_t length)
{
	struct poll_set set = { 0 };
	ssize_t n = write(in, sent + sent_length, length);

	if (n > 0)
		sent_length += (size_t)n;
	for (int i = 0; i < TURNS; i++) {
		set.count = 0;
		flow_want(&s.flow, &set);
		poll(set.fds, set.count, 0);
		flow_step(&s.flow, &set, s.now);
	}
	free(set.fds);
}

static void
receive(void)
{
	ssize_t n;

	while ((n = read(out, received + received_length,
		    sizeof(received) - received_length)) > 0)
		received_length += (size_t)n;
}

static bool
has_received_all(void)
{
	receive();
	return received_length == sent_length &&
	    memcmp(received, sent, sent_length) == 0;
}

static bool
is_spliced(void)
{
	return strcmp(s.flow.strategy->name, "splice") == 0 &&
	    s.flow.strategy_state != NULL;
}

static void
much_is_spliced(enum stream_medium from, enum stream_medium to)
{
	int size;

	set_real_stage(from, to);
	pass(1000);
	ok(!is_spliced() && has_received_all(), "a little is copied");
	size = fcntl(s.sink.stream.out, F_GETPIPE_SZ);
	pass(MUCH);
	ok(is_spliced() && has_received_all(), "much is moved by the kernel");
	pass(MUCH);
	ok(has_received_all() && s.flow.bytes_in == sent_length &&
		s.flow.bytes_out == sent_length,
	    "what nobody saw is counted, too");
	flow_finish(&s.flow, s.now);
	ok(s.sink.is_shut && !is_spliced() &&
		fcntl(s.sink.stream.out, F_GETPIPE_SZ) == size,
	    "a pipe is put back as it was at the end");
	end_real_stage();
}

static void
what_is_in_a_pipe_of_ours_is_held(void)
{
	set_real_stage(STREAM_SOCKET, STREAM_SOCKET);
	for (int i = 0; i < ROOM / MUCH; i++)
		pass(MUCH);
	ok(is_spliced() && s.flow.is_blocked && flow_has_data(&s.flow) &&
		s.flow.bytes_in > s.flow.bytes_out,
	    "what the sink does not take is held");
	for (int i = 0; i < TURNS; i++) {
		receive();
		pass(0);
	}
	ok(has_received_all() && !flow_has_data(&s.flow),
	    "and written once it can be");
	for (int i = 0; i < ROOM / MUCH && !flow_has_data(&s.flow); i++)
		pass(MUCH);
	flow_abandon(&s.flow, EPIPE);
	ok(s.flow.lost > 0 && s.flow.lost == s.flow.bytes_in - s.flow.bytes_out,
	    "or counted as lost");
	end_real_stage();
}

/* The kernel refuses a file to append to: from a pipe, or from our own. */
static void
what_cannot_be_spliced_is_copied(enum stream_medium from)
{
	set_real_stage(from, STREAM_FILE);
	pass(MUCH);
	pass(MUCH);
	pass(MUCH);
	ok(strcmp(s.flow.strategy->name, "copy") == 0,
	    "a flow that cannot be spliced is copied");
	ok(has_received_all() && sent_length == 3 * MUCH &&
		s.flow.bytes_out == sent_length,
	    "and nothing is lost");
	end_real_stage();
}

static void
ignore_bytes(
    void *context, enum flow_side side, const void *bytes, size_t length)
{
	(void)context;
	(void)side;
	(void)bytes;
	(void)length;
}

static void
a_tap_has_bytes_copied(void)
{
	set_stage();
	s.source.stream.in_medium = s.sink.stream.out_medium = STREAM_PIPE;
	begin(&plain);
	ok(strcmp(s.flow.strategy->name, "splice") == 0,
	    "what nobody sees may be spliced");
	end();
	begin(&(struct flow_options){ .tap = ignore_bytes });
	ok(strcmp(s.flow.strategy->name, "copy") == 0,
	    "what a tap sees is copied");
	end();
}

int
main(void)
{
	tap_hush();
	much_is_spliced(STREAM_PIPE, STREAM_PIPE);
	much_is_spliced(STREAM_SOCKET, STREAM_PIPE);
	what_is_in_a_pipe_of_ours_is_held();
	what_cannot_be_spliced_is_copied(STREAM_PIPE);
	what_cannot_be_spliced_is_copied(STREAM_SOCKET);
	a_tap_has_bytes_copied();
	return tap_end();
}
