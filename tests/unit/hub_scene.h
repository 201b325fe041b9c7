/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A real hub with standard streams and clients that do what they are told, and
 * a clock of its own.  What is reported goes to a file.
 */
#ifndef SOCKCAT_TESTS_UNIT_HUB_SCENE_H
#define SOCKCAT_TESTS_UNIT_HUB_SCENE_H

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hub/hub_impl.h"

enum {
	IN = 100, /* descriptors that are never polled */
	OUT,
	CLIENTS = 6,
	KEPT = 1024 * 1024, /* bytes that each end keeps */
	FULL = 256 * 1024,  /* bytes that a member or the output holds */
	SLOW_MS = 5000,
};

/* What a read of standard input brings: bytes, or a code with errno. */
struct reading {
	const char *bytes; /* or NULL */
	size_t length;
	ssize_t code;
	int error;
};

struct text {
	char bytes[KEPT];
	size_t length;
};

/* Its relay reads from the member what fits into its system. */
struct client {
	struct stream stream;
	struct stream *member; /* NULL: it has not joined, or has left */
	struct text got;
	size_t unsent;   /* bytes that are not acknowledged */
	int messages;    /* reads that brought one */
	bool has_ended;  /* the end was read */
	bool has_failed; /* a write was refused */
};

static struct scene {
	struct stream stdio;
	struct hub_options options;
	struct hub *hub;
	struct task *task;
	struct reading input[8];
	size_t readings, next;
	struct text output;
	size_t space;     /* bytes that the output takes */
	int output_error; /* of each write; 0: none */
	int failed, ended, lost;
	struct client clients[CLIENTS];
} s;

static int64_t now = 1000; /* milliseconds */

/* In the place of the C library's. */
int
clock_gettime(clockid_t id, struct timespec *t)
{
	(void)id;
	t->tv_sec = now / 1000;
	t->tv_nsec = now % 1000 * 1000000;
	return 0;
}

static inline void
text_add(struct text *t, const void *bytes, size_t length)
{
	if (length > sizeof(t->bytes) - t->length)
		abort();
	memcpy(t->bytes + t->length, bytes, length);
	t->length += length;
}

/* Whether it is this, and forgets it. */
static inline bool
text_is(struct text *t, const char *expected)
{
	bool is_right = t->length == strlen(expected) &&
	    memcmp(t->bytes, expected, t->length) == 0;

	if (!is_right)
		printf("# got %zu bytes: %.*s\n", t->length,
		    t->length < 300 ? (int)t->length : 300, t->bytes);
	t->length = 0;
	return is_right;
}

static inline ssize_t
stdio_read(struct stream *stream, void *bytes, size_t length)
{
	const struct reading *r = &s.input[s.next];

	(void)stream;
	if (s.next == s.readings)
		return STREAM_WANT_READ;
	s.next++;
	errno = r->error;
	if (r->bytes == NULL)
		return r->code;
	if (r->length > length)
		abort();
	memcpy(bytes, r->bytes, r->length);
	return (ssize_t)r->length;
}

static inline ssize_t
stdio_write(struct stream *stream, const void *bytes, size_t length)
{
	if (s.output_error != 0) {
		errno = s.output_error;
		return STREAM_ERROR;
	}
	if (s.space == 0)
		return STREAM_WANT_WRITE;
	if (length > s.space) {
		if (stream->writes_messages)
			return STREAM_WANT_WRITE;
		length = s.space;
	}
	s.space -= length;
	text_add(&s.output, bytes, length);
	return (ssize_t)length;
}

static inline int
no_error(struct stream *stream)
{
	(void)stream;
	return 0;
}

static const struct stream_kind stdio_kind = {
	.read = stdio_read,
	.write = stdio_write,
	.error = no_error,
};

static inline size_t
client_unsent(struct stream *stream)
{
	return ((struct client *)stream)->unsent;
}

static const struct stream_kind client_kind = {
	.is_connection = true,
	.unsent = client_unsent,
};

static inline void
note_failure(void *context, const char *what, int error)
{
	(void)context, (void)what, (void)error;
	s.failed++;
}

static inline void
note_end(void *context)
{
	(void)context;
	s.ended++;
}

static inline void
note_loss(void *context)
{
	(void)context;
	s.lost++;
}

/* Options may be changed before the first client joins. */
static inline void
set_scene(enum hub_kind kind)
{
	memset(&s, 0, sizeof(s));
	s.space = SIZE_MAX;
	s.stdio.kind = &stdio_kind;
	s.stdio.in = IN;
	s.stdio.out = OUT;
	s.stdio.message_max = 65536;
	strlcpy(s.stdio.source, "standard input", sizeof(s.stdio.source));
	strlcpy(s.stdio.sink, "standard output", sizeof(s.stdio.sink));
	s.options = (struct hub_options){
		.kind = kind,
		.stdio = &s.stdio,
		.slow_timeout = SLOW_MS,
		.failed = note_failure,
		.input_ended = note_end,
		.lost = note_loss,
	};
}

static inline struct client *
client(int number)
{
	return &s.clients[number];
}

/* A client joins; the first one makes the hub. */
static inline struct client *
join(int number)
{
	struct client *c = client(number);

	if (s.hub == NULL) {
		s.hub = hub_new(&s.options);
		s.task = hub_task(s.hub);
	}
	c->stream.kind = &client_kind;
	c->stream.message_size = 1000;
	snprintf(
	    c->stream.source, sizeof(c->stream.source), "client %d", number);
	c->member = hub_join(s.hub, &c->stream);
	return c;
}

static inline struct client *
join_messages(int number)
{
	client(number)->stream.reads_messages = true;
	return join(number);
}

static inline struct member *
member_of(const struct client *c)
{
	return (struct member *)c->member;
}

/* Its relay ends. */
static inline void
leave(struct client *c)
{
	stream_free(c->member);
	c->member = NULL;
}

/* The loop frees its tasks first, then the relays their streams. */
static inline void
clear_scene(void)
{
	if (s.hub != NULL)
		s.task->ops->free(s.task);
	for (int i = 0; i < CLIENTS; i++)
		if (s.clients[i].member != NULL)
			leave(&s.clients[i]);
}

static inline void
input_brings(const char *bytes)
{
	s.input[s.readings++] =
	    (struct reading){ .bytes = bytes, .length = strlen(bytes) };
}

static inline void
input_answers(ssize_t code, int error)
{
	s.input[s.readings++] =
	    (struct reading){ .code = code, .error = error };
}

/* What poll(2) would return of the standard streams. */
static inline short
events_of(const struct pollfd *p)
{
	if (p->fd == IN)
		return s.next < s.readings ? p->events & POLLIN : 0;
	if (s.output_error == EPIPE)
		return POLLERR;
	return s.space > 0 ? p->events & POLLOUT : 0;
}

/* One turn of the loop.  Returns whether the hub has stepped. */
static inline bool
turn(void)
{
	struct poll_set set = { 0 };
	bool is_due = s.task->ops->deadline(s.task) <= now;

	s.task->ops->want(s.task, &set);
	for (size_t i = 0; i < set.count; i++) {
		set.fds[i].revents = events_of(&set.fds[i]);
		is_due |= set.fds[i].revents != 0;
	}
	if (is_due)
		s.task->ops->step(s.task, &set, now);
	free(set.fds);
	return is_due;
}

/* Until the hub waits.  Returns false if it never does. */
static inline bool
settle(void)
{
	for (int i = 0; i < 1000; i++)
		if (!turn())
			return true;
	return false;
}

static inline void
pass(int64_t milliseconds)
{
	int64_t end = now + milliseconds, due;

	settle();
	while ((due = s.task->ops->deadline(s.task)) <= end) {
		now = due;
		settle();
	}
	now = end;
}

/* Returns what the member's stream answers. */
static inline ssize_t
sends_bytes(struct client *c, const void *bytes, size_t length)
{
	ssize_t n = stream_write(c->member, bytes, length);

	c->has_failed |= n == STREAM_ERROR;
	return n;
}

static inline bool
sends(struct client *c, const char *text)
{
	return sends_bytes(c, text, strlen(text)) == (ssize_t)strlen(text);
}

/* So many bytes, in lines; in one write. */
static inline bool
sends_much(struct client *c, size_t length)
{
	static char bytes[KEPT];

	memset(bytes, 'x', length);
	bytes[length - 1] = '\n';
	return sends_bytes(c, bytes, length) == (ssize_t)length;
}

static inline bool
can_send(const struct client *c)
{
	return c->member->ready & POLLOUT;
}

/* Its relay reads once; what it reads is not acknowledged yet. */
static inline ssize_t
takes(struct client *c, size_t max)
{
	static char bytes[KEPT];
	ssize_t n = stream_read(c->member, bytes, max);

	if (n >= 0) {
		text_add(&c->got, bytes, (size_t)n);
		c->member->passed_on += (uint64_t)n;
		c->unsent += (size_t)n;
		c->messages++;
	} else if (n == STREAM_EOF) {
		c->has_ended = true;
	}
	return n;
}

/* It reads all that there is, and its system says so. */
static inline void
reads_all(struct client *c)
{
	while (c->member->ready & POLLIN && takes(c, KEPT) >= 0)
		c->unsent = 0;
}

static inline bool
hears(struct client *c, const char *expected)
{
	reads_all(c);
	return text_is(&c->got, expected);
}

static inline bool
has_ended(struct client *c)
{
	reads_all(c);
	return c->has_ended;
}

/* Standard error is a file from now on. */
static inline void
keep_reports(void)
{
	FILE *file = tmpfile();

	setprogname("hub");
	if (file == NULL || dup2(fileno(file), STDERR_FILENO) == -1)
		abort();
}

static inline void
forget_reports(void)
{
	if (ftruncate(STDERR_FILENO, 0) == -1 ||
	    lseek(STDERR_FILENO, 0, SEEK_SET) == -1)
		abort();
}

/* Whether exactly this has been reported, and forgets it. */
static inline bool
is_reported(const char *expected)
{
	static char text[4096];
	ssize_t n = pread(STDERR_FILENO, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	forget_reports();
	if (strcmp(text, expected) == 0)
		return true;
	printf("# reported: %s\n", text);
	return false;
}

#endif
