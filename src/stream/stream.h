/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A stream is one end of a conversation: standard input and output, a
 * connected socket, one peer of a datagram socket.  What moves the bytes
 * sees only this.
 *
 * All ends answer alike.  A read or write returns the number of bytes, or
 * one of the codes below.  Zero is a number of bytes: an empty message.
 * Neither ever waits, and neither raises SIGPIPE.  Each, and also what ends the
 * writing side, may have to read or to write first.
 */
#ifndef SOCKCAT_STREAM_STREAM_H
#define SOCKCAT_STREAM_STREAM_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/address.h"
#include "net/address_text.h"
#include "observe/fields.h"

struct stream;
struct prefix;
struct transport;

/* Less than ADDRESS_TEXT: few names are long, and there are many streams. */
#define STREAM_LABEL 160

enum stream_code {
	STREAM_EOF = -1,        /* read: there will be no more */
	STREAM_WANT_READ = -2,  /* not before in is readable */
	STREAM_WANT_WRITE = -3, /* not before out is writable */
	STREAM_ERROR = -4,      /* errno says why */
	STREAM_LATER = -5,      /* a shortage that passes: errno; pause */
};

/* What the kernel can move bytes from or to by itself, splice(2). */
enum stream_medium {
	STREAM_OPAQUE, /* only read and write will do */
	STREAM_PIPE,
	STREAM_SOCKET, /* that no other process uses */
	STREAM_FILE,   /* or a device that is always ready */
};

/* Messages that lie one behind the other in memory, from the first on. */
enum { MESSAGES_MAX = 4096 };

struct messages {
	size_t first, count;
	uint32_t lengths[MESSAGES_MAX];
};

/*
 * What is the same for all streams of a kind.  Of the operations, those that
 * may be NULL have nothing to do for it, or do what is said.
 */
struct stream_kind {
	bool is_connection; /* closing it can reset it */
	bool is_unpolled;   /* a part of this program: ready tells all */
	bool shares_socket; /* its errors are told to somebody else */

	ssize_t (*read)(struct stream *, void *, size_t);
	ssize_t (*write)(struct stream *, const void *, size_t);
	/*
	 * As read, where each read is a message, but up to count times, at
	 * once; space holds size bytes for each of them, and
	 * stream_message_max() says how many it takes.  The messages, which
	 * may be more, follow those that are there already.  Returns how often
	 * something was read, or a code.  NULL: one message.
	 */
	int (*read_messages)(struct stream *, uint8_t *space, size_t size,
	    int count, struct messages *);
	/* As write.  Returns how many were written, or a code.  NULL: one. */
	int (*write_messages)(
	    struct stream *, const uint8_t *bytes, const struct messages *);
	/*
	 * Ends the writing side.  Returns 0 or a code, STREAM_ERROR with
	 * errno; with any other it is to be called again later.  NULL: 0.
	 */
	int (*shut)(struct stream *);
	/*
	 * Takes the error that poll(2) told of; may be 0 for a hang-up.
	 * NULL: 0.
	 */
	int (*error)(struct stream *);
	void (*free)(struct stream *);

	/* Makes the system find out whether a silent peer is there; or NULL. */
	void (*probe)(struct stream *);
	/*
	 * Whether closing it, by us or by the death of the process, aborts
	 * the connection (RFC 9293 section 3.10.5): the peer gets a reset,
	 * and what it has not acknowledged is lost.  Off at first; shut turns
	 * it off.  Or NULL.
	 */
	void (*set_abort)(struct stream *, bool on);
	/* Bytes written that the peer's system has not acknowledged.  NULL: 0.
	 */
	size_t (*unsent)(struct stream *);
	/* Milliseconds to the peer and back; 0, or NULL: unknown. */
	int64_t (*round_trip)(struct stream *);
	/*
	 * Whether the peer is lost though no call says so: errno is ETIMEDOUT
	 * if its system has been silent for too long, else the error that was
	 * read already.  NULL: no.
	 */
	bool (*is_lost)(struct stream *);
	/*
	 * While on, many bytes at once matter more than the next one soon:
	 * for a moment only, since the last ones may be held back.  Or NULL.
	 */
	void (*batch_reads)(struct stream *, bool on);
	void (*batch_writes)(struct stream *, bool on);
	/* Before the first splice(2) from a STREAM_SOCKET; or NULL. */
	void (*prepare_splice)(struct stream *);
	/*
	 * Whether something has come that can be read now, an empty message
	 * too, but not the end.  Takes nothing.  NULL: the system knows.
	 */
	bool (*has_input)(struct stream *);
	/* Bytes that the next message takes.  NULL: message_max. */
	size_t (*next_message_max)(struct stream *);
	/* It will not be read any more; or NULL. */
	void (*give_up)(struct stream *);
	/* Whether calls wait that have no flag for it; or NULL. */
	void (*set_waits)(struct stream *, bool on);
};

/* Embedded first in every kind of stream. */
struct stream {
	const struct stream_kind *kind;
	const struct transport *transport; /* of a socket, else NULL */
	int in;      /* poll for reading; -1: nothing that poll(2) knows of */
	int out;     /* poll for writing; -1: the same */
	short ready; /* POLLIN, POLLOUT, POLLERR that poll(2) does not see */
	enum stream_medium in_medium, out_medium;
	bool reads_messages;     /* each read is a message */
	bool writes_messages;    /* each write is a message */
	bool keeps_writes_apart; /* a pipe in packet mode, pipe(2) */
	bool has_deep_queue;     /* what arrives can wait for 2 ms */
	bool is_settled;         /* a peer that left expects no more */
	bool is_connectionless;  /* errors are news of one datagram each */
	bool is_input_over;      /* the end was read; it stays the end */
	bool is_reset;           /* closing it tells the peer of a failure */
	bool never_aborts;       /* not ours alone: set_abort does nothing */
	bool drains_source;      /* read to its end after writing has failed */
	bool is_terminal;        /* input comes from a terminal */
	bool is_mute;            /* reading it never brings anything */
	int64_t watch_every;     /* ms, while bytes are unsent; 0: never */
	size_t message_size;     /* default for cutting input into messages */
	size_t message_max;      /* that reading one message mostly needs */
	uint64_t passed_on;      /* bytes read that a flow has written on */
	struct prefix *prefix;   /* is read before all else; or NULL */
	struct address peer;     /* length 0: unknown */
	struct address local;    /* the same: stream_local() finds it out */
	char source[STREAM_LABEL]; /* what error lines call the ends */
	char sink[STREAM_LABEL];
};

/* For stream_read() alone. */
ssize_t stream_read_prefix(struct stream *, void *, size_t);

static inline ssize_t
stream_read(struct stream *s, void *bytes, size_t length)
{
	if (s->prefix != NULL)
		return stream_read_prefix(s, bytes, length);
	return s->kind->read(s, bytes, length);
}

static inline ssize_t
stream_write(struct stream *s, const void *bytes, size_t length)
{
	return s->kind->write(s, bytes, length);
}

static inline int
stream_shut(struct stream *s)
{
	return s->kind->shut != NULL ? s->kind->shut(s) : 0;
}

static inline int
stream_error(struct stream *s)
{
	return s->kind->error != NULL ? s->kind->error(s) : 0;
}

static inline void
stream_probe(struct stream *s)
{
	if (s->kind->probe != NULL)
		s->kind->probe(s);
}

static inline void
stream_set_abort(struct stream *s, bool on)
{
	if (s->kind->set_abort != NULL)
		s->kind->set_abort(s, on);
}

static inline size_t
stream_unsent(struct stream *s)
{
	return s->kind->unsent != NULL ? s->kind->unsent(s) : 0;
}

static inline int64_t
stream_round_trip(struct stream *s)
{
	return s->kind->round_trip != NULL ? s->kind->round_trip(s) : 0;
}

static inline bool
stream_is_lost(struct stream *s)
{
	return s->kind->is_lost != NULL && s->kind->is_lost(s);
}

static inline void
stream_batch_reads(struct stream *s, bool on)
{
	if (s->kind->batch_reads != NULL)
		s->kind->batch_reads(s, on);
}

static inline void
stream_batch_writes(struct stream *s, bool on)
{
	if (s->kind->batch_writes != NULL)
		s->kind->batch_writes(s, on);
}

static inline void
stream_prepare_splice(struct stream *s)
{
	if (s->kind->prepare_splice != NULL)
		s->kind->prepare_splice(s);
}

static inline void
stream_set_waits(struct stream *s, bool on)
{
	if (s->kind->set_waits != NULL)
		s->kind->set_waits(s, on);
}

/* Bytes of space in which the next message is not cut. */
static inline size_t
stream_message_max(struct stream *s)
{
	return s->kind->next_message_max != NULL ? s->kind->next_message_max(s)
						 : s->message_max;
}

static inline void
stream_give_up(struct stream *s)
{
	if (s->kind->give_up != NULL)
		s->kind->give_up(s);
}

void stream_free(struct stream *);

/* The operations on many messages at once. */
int stream_read_messages(
    struct stream *, uint8_t *space, size_t size, int count, struct messages *);
int stream_write_messages(
    struct stream *, const uint8_t *bytes, const struct messages *);

/* The same for one message, with read and write. */
int stream_read_message(
    struct stream *, uint8_t *space, size_t size, struct messages *);
int stream_write_message(
    struct stream *, const uint8_t *bytes, const struct messages *);

/* Appends a message of that length. */
void messages_add(struct messages *, size_t length);

/* Bytes that wait in the system to be read; of messages, the next one's. */
size_t stream_input_queued(const struct stream *);

/*
 * Whether something stands ready to be read, a message of no bytes too, but
 * not the end.  What does stays where it is, but for a byte of a device that
 * cannot be asked.
 */
bool stream_has_input(struct stream *);

/*
 * Puts bytes back, which a polled stream of bytes has brought, to be read
 * again before all else.  Returns 0, or -1 with errno.
 */
int stream_unread(struct stream *, const void *bytes, size_t length);

/* Reads and forgets, of messages one of any size.  Returns as a read. */
ssize_t stream_drop(struct stream *);

/*
 * Whether the errno of a read from a connectionless stream tells what a
 * datagram that was sent earlier met, and reading can go on.
 */
bool stream_is_news(int error);

/*
 * What an event says of the end that is read, and of the one that is written
 * to.  They point into the stream.
 */
struct event_end stream_source(const struct stream *);
struct event_end stream_sink(const struct stream *);

/* Sets a stream's peer, and names both ends after it. */
void stream_set_peer(struct stream *, const struct address *);

/* Names both ends after an address, for error lines. */
void stream_set_name(struct stream *, const struct address *);

/* Our address, asked for once where it is not known, getsockname(2). */
const struct address *stream_local(struct stream *);

/* recv(2) and write(2) results as the codes above. */
ssize_t stream_read_code(ssize_t result);
ssize_t stream_write_code(ssize_t result);

#endif
