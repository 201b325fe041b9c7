/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A flow between two streams that answer as they are told, one step at a time.
 */
#ifndef SOCKCAT_TESTS_UNIT_FAKES_H
#define SOCKCAT_TESTS_UNIT_FAKES_H

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "relay/error_filter.h"
#include "relay/flow_step.h"
#include "stream/stream.h"

/* Descriptors that are never polled. */
enum { SOURCE_IN = 100, SOURCE_OUT, SINK_IN, SINK_OUT };

/* What a call answers: bytes, so many of them, or a code with errno. */
struct answer {
	const char *bytes; /* of a read; its length is the result */
	int64_t result;    /* of a write, which takes no more than there is */
	int error;
};

#define BYTES(text)     ((struct answer){ .bytes = (text) })
#define TAKE(length)    ((struct answer){ .result = (length) })
#define CODE(code)      ((struct answer){ .result = (code) })
#define FAIL(code, why) ((struct answer){ .result = (code), .error = (why) })
#define ANSWERS(...)    ((const struct answer[]){ __VA_ARGS__, { 0 } })

struct fake {
	struct stream stream;
	const struct answer *reads, *writes, *shuts; /* one after another */
	char written[4096];
	size_t length; /* of what was written */
	int calls;     /* reads and writes */
	int messages;  /* writes that took one */
	bool is_shut, aborts;
};

static struct stage {
	struct flow flow;
	struct fake source, sink;
	struct error_filter errors;
	char seen[2][4096]; /* by a tap, at either side */
	size_t seen_length[2];
	int64_t now;
} s;

static inline struct fake *
fake_of(struct stream *stream)
{
	return (struct fake *)stream;
}

/* Without an answer prepared, there is nothing to read. */
static inline ssize_t
fake_read(struct stream *stream, void *bytes, size_t length)
{
	struct fake *e = fake_of(stream);
	const struct answer *a = e->reads;

	e->calls++;
	if (a == NULL || (a->bytes == NULL && a->result == 0))
		return STREAM_WANT_READ;
	e->reads++;
	errno = a->error;
	if (a->bytes == NULL)
		return (ssize_t)a->result;
	if (length > strlen(a->bytes))
		length = strlen(a->bytes);
	memcpy(bytes, a->bytes, length);
	return (ssize_t)length;
}

/* Without an answer prepared, everything is taken. */
static inline ssize_t
fake_write(struct stream *stream, const void *bytes, size_t length)
{
	struct fake *e = fake_of(stream);
	const struct answer *a = e->writes;

	e->calls++;
	if (a != NULL && a->result != 0) {
		e->writes++;
		errno = a->error;
		if (a->result < 0)
			return (ssize_t)a->result;
		if (length > (size_t)a->result)
			length = (size_t)a->result;
	}
	memcpy(e->written + e->length, bytes, length);
	e->length += length;
	e->messages++;
	return (ssize_t)length;
}

static inline int
fake_shut(struct stream *stream)
{
	struct fake *e = fake_of(stream);
	const struct answer *a = e->shuts;

	if (a != NULL && a->result != 0) {
		e->shuts++;
		errno = a->error;
		return (int)a->result;
	}
	e->is_shut = true;
	return 0;
}

static inline int
fake_error(struct stream *stream)
{
	(void)stream;
	return 0;
}

static inline void
fake_set_abort(struct stream *stream, bool on)
{
	fake_of(stream)->aborts = on;
}

static inline void
fake_free(struct stream *stream)
{
	(void)stream;
}

static const struct stream_kind fake_kind = {
	.read = fake_read,
	.write = fake_write,
	.shut = fake_shut,
	.error = fake_error,
	.set_abort = fake_set_abort,
	.free = fake_free,
};

static const struct stream_kind connection_kind = {
	.is_connection = true,
	.read = fake_read,
	.write = fake_write,
	.shut = fake_shut,
	.error = fake_error,
	.set_abort = fake_set_abort,
	.free = fake_free,
};

/* The ends are to be changed before the flow is begun. */
static inline void
set_stage(void)
{
	s = (struct stage){ .now = 1000 };
	s.source.stream.kind = s.sink.stream.kind = &fake_kind;
	s.source.stream.in = SOURCE_IN;
	s.source.stream.out = SOURCE_OUT;
	s.sink.stream.in = SINK_IN;
	s.sink.stream.out = SINK_OUT;
	s.source.stream.message_max = s.sink.stream.message_size = 1000;
}

static inline void
set_messages(void)
{
	set_stage();
	s.source.stream.reads_messages = s.sink.stream.writes_messages = true;
	s.source.stream.is_connectionless = s.sink.stream.is_connectionless =
	    true;
}

static inline void
begin(const struct flow_options *options)
{
	struct flow_options o = *options;

	o.error_filter = &s.errors;
	flow_init(&s.flow, "flow", &s.source.stream, &s.sink.stream, &o);
}

static const struct flow_options plain;

/* What the flow waits for at a descriptor; -1 where it waits for nothing. */
static inline int
waits_for(int fd)
{
	struct poll_set set = { 0 };
	int events = -1;

	flow_want(&s.flow, &set);
	for (size_t i = 0; i < set.count; i++)
		if (set.fds[i].fd == fd)
			events = set.fds[i].events;
	free(set.fds);
	return events;
}

/* A step after poll(2) has returned these events for a descriptor. */
static inline void
step(int fd, short events)
{
	struct poll_set set = { 0 };

	flow_want(&s.flow, &set);
	for (size_t i = 0; i < set.count; i++)
		if (set.fds[i].fd == fd)
			set.fds[i].revents = events;
	flow_step(&s.flow, &set, s.now);
	free(set.fds);
}

static inline void
source_is_ready(void)
{
	step(SOURCE_IN, POLLIN);
}

/* Whether the sink has got exactly this. */
static inline bool
has_got(const char *bytes)
{
	return s.sink.length == strlen(bytes) &&
	    memcmp(s.sink.written, bytes, s.sink.length) == 0;
}

static inline void
end(void)
{
	flow_clear(&s.flow);
}

#endif
