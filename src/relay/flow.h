/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A flow is one direction of a relay: what is read from one stream is
 * written to another until the end of file has been passed on.
 */
#ifndef SOCKCAT_RELAY_FLOW_H
#define SOCKCAT_RELAY_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/backoff.h"
#include "base/buffer.h"
#include "codec/crlf.h"
#include "codec/telnet.h"
#include "relay/error_filter.h"
#include "relay/relay.h"

struct flow;
struct messages;
struct poll_set;
struct quiet;
struct stream;

enum flow_state {
	FLOW_OPEN,    /* reading */
	FLOW_DRAIN,   /* the source has ended; writing what is held */
	FLOW_WRITTEN, /* the sink has everything, but not the end */
	FLOW_SHUT,    /* the sink has been told */
};

/* Why a flow ended other than by the end of its source. */
enum flow_failure {
	FLOW_OK,
	FLOW_SOURCE_FAILED, /* what was read before was still written */
	FLOW_SINK_FAILED,   /* what was held is lost */
};

/* How the bytes move; chosen once, when the flow starts. */
struct strategy {
	const char *name;
	/* Whether there is space to read into. */
	bool (*can_read)(const struct flow *);
	/* Whether something read has not been written. */
	bool (*has_data)(const struct flow *);
	/* Reads once. */
	void (*fill)(struct flow *, int64_t now);
	/* Writes what the sink takes, as far as pacing allows. */
	void (*drain)(struct flow *, int64_t now);
	/* Gives up what it keeps; may be called again.  May be NULL. */
	void (*clear)(struct flow *);
};

/* What the splice strategy keeps: relay/splice.c. */
struct splice {
	bool is_bulk;  /* the kernel moves the bytes by now */
	bool has_pipe; /* of our own, between two ends that are none */
	int pipe[2];
	size_t held;     /* bytes in it */
	int source_size; /* of an inherited pipe before it grew; 0: as it was */
	int sink_size;
	uint64_t run;       /* bytes since the last pause */
	int64_t moved_at;   /* the last of them */
	int64_t rush_until; /* the ends batch; 0: they do not */
};

struct flow_options {
	bool crlf;            /* -C */
	bool telnet_encode;   /* -t, on the way out */
	bool no_shutdown;     /* --no-shutdown */
	bool null_eof;        /* --null-eof */
	bool cuts_lines;      /* --lines: each is a message */
	bool ends_lines;      /* a message read gets the newline it lacks */
	bool tolerate_abort;  /* --tolerate-abort: a reset is an end */
	int64_t line_delay;   /* -i: ms after each line; 0: none */
	uint64_t read_limit;  /* -W: reads; 0: no limit */
	size_t datagram_size; /* most bytes cut from a stream; 0: the sink's */
	struct flow *answers; /* -t: where answers to options go; or NULL */
	struct error_filter *complaints;
	struct quiet *quiet; /* the sink is shut then; NULL: at once */
	enum strategy_choice choice;
};

struct flow {
	const char *name;
	struct stream *from, *to;
	const struct strategy *strategy;
	struct flow_options options;

	enum flow_state state;
	enum flow_failure failure;
	int error;      /* errno of the failure, or of a tolerated reset */
	bool is_hangup; /* the sink is gone, but nothing says that it failed */
	size_t lost;    /* bytes held when the sink was found gone */
	struct buffer buffer;
	struct buffer scratch;     /* for filters */
	bool is_blocked;           /* the sink must become writable first */
	struct messages *messages; /* of those bytes, or NULL: relay/packet.c */
	int reads_at_once;
	size_t burst; /* messages read in this millisecond */
	int64_t burst_at;
	int64_t coalesce_until; /* nothing is read before; 0: at once */
	bool owes_null;         /* --null-eof: the empty datagram is not sent */
	bool has_moved;         /* since the owner last looked */
	int64_t paused_until;
	struct backoff shortage; /* of memory, in the system */
	int64_t short_since;     /* 0: it is not */
	bool is_short;           /* nothing is tried for now */
	int64_t now;             /* of the step that is under way */
	int from_slot, to_slot;

	struct splice splice;
	struct crlf crlf;
	struct telnet telnet;

	uint64_t bytes_in, bytes_out; /* read, written */
	uint64_t reads;               /* or messages */
};

extern const struct strategy copy_strategy;   /* relay/copy.c */
extern const struct strategy packet_strategy; /* relay/packet.c */

/*
 * The splice strategy, relay/splice.c, or NULL where the kernel cannot move
 * a flow's bytes by itself.
 */
const struct strategy *splice_strategy_for(const struct flow *);

/* Borrows the streams and picks the strategy that fits them. */
void flow_init(struct flow *, const char *name, struct stream *from,
    struct stream *to, const struct flow_options *);
void flow_clear(struct flow *);

/* The parts of the owner's task. */
void flow_want(struct flow *, struct poll_set *);
int64_t flow_deadline(const struct flow *);
void flow_step(struct flow *, const struct poll_set *, int64_t now);

/* Reads no more; what is held is still written by later steps. */
void flow_finish(struct flow *, int64_t now);

/*
 * Takes what stands ready in the source, at most so many bytes, and writes
 * what the sink takes, without waiting: there will be no more steps.
 */
void flow_hurry(struct flow *, size_t length);

/* Frees the memory of a flow that holds nothing, until it reads again. */
void flow_trim(struct flow *);

/* Gives up what is held: the sink is gone. */
void flow_abandon(struct flow *, int error);

/*
 * The source is known to have failed, though reading it may not tell: what it
 * still holds is passed on, and then not an end, but a failure.
 */
void flow_fail_source(struct flow *, int error);

/* Whether an errno says that the peer has aborted the connection. */
bool flow_is_reset(int error);

/* Whether something was read that has not been written. */
bool flow_has_data(const struct flow *);

/* For strategies: the single place where a flow changes its state. */
void flow_set_state(struct flow *, enum flow_state);

/* For strategies: what a read that brought no bytes means. */
void flow_source_ended(struct flow *, int64_t code);

/*
 * For strategies: what a write that took no bytes means, other than for a
 * message.
 */
void flow_sink_refused(struct flow *, int64_t code);

/*
 * For strategies: a write of length bytes failed with errno.  Returns true
 * if only that message is lost, which it reports; else the flow is shut.
 */
bool flow_survives(struct flow *, size_t length);

/* For strategies: counts what was read or written. */
void flow_count_read(struct flow *, size_t length);
void flow_count_written(struct flow *, size_t length);

/* For strategies: whether a filter changes the bytes. */
bool flow_is_filtered(const struct flow *);

/*
 * For strategies: reads at most length bytes, which filters may make four
 * times as many, into the buffer.  Returns the stream's code.
 */
int64_t flow_read(struct flow *, size_t length);

/* For strategies: how many of length bytes pacing lets through at once. */
size_t flow_line_length(
    const struct flow *, const uint8_t *bytes, size_t length);

/* For strategies: with -i, what comes next waits. */
void flow_pause(struct flow *, int64_t now);

#endif
