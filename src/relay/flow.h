/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A flow is one direction of a relay: what is read from one stream is
 * written to another until the end of file has been passed on.
 *
 * flow_step.c drives it and flow_end.c ends it.  Strategies and filters
 * change its buffers and what they keep themselves, and nothing else.
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
#include "relay/strategy.h"

struct error_filter;
struct flow;
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

/* Where bytes are seen: read from the source, or written to the sink. */
enum flow_side { FLOW_SOURCE, FLOW_SINK };

/* Looks at bytes that pass, before filters where they are read. */
typedef void flow_tap(
    void *context, enum flow_side, const void *bytes, size_t length);

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
	struct error_filter *error_filter;
	struct quiet *quiet; /* the sink is shut then; NULL: at once */
	enum strategy_choice choice;
	flow_tap *tap; /* sees all bytes, which none can do by splice(2) */
	void *tap_context;
};

struct flow {
	const char *name;
	struct stream *from, *to;
	struct flow_options options;
	const struct strategy *strategy;
	void *strategy_state; /* NULL: it keeps nothing */

	struct buffer buffer;
	struct buffer scratch; /* for filters */
	struct crlf crlf;
	struct telnet telnet;

	enum flow_state state;
	enum flow_failure failure;
	int error;       /* errno of the failure, or of a tolerated reset */
	bool is_hangup;  /* the sink is gone, but nothing says that it failed */
	size_t lost;     /* bytes held when the sink was found gone */
	bool is_blocked; /* the sink must become ready first */
	bool write_wants_read; /* readable, for a write or to be shut */
	bool read_wants_write; /* the source must become writable first */
	bool is_shutting;      /* the sink was to be shut, and cannot yet */
	bool owes_null;        /* --null-eof: the empty datagram is not sent */
	int64_t now;           /* of the step that is under way */
	int64_t paused_until;
	struct backoff shortage; /* of memory, in the system */
	int64_t short_since;     /* 0: it is not */
	bool is_short;           /* nothing is tried for now */
	int from_slot, to_slot, to_in_slot;

	/* flow_saw() */
	bool has_moved;               /* since the owner last looked */
	uint64_t bytes_in, bytes_out; /* read, written */
	uint64_t reads;               /* or messages */
};

/*
 * For strategies, after each read and write, and for each message: counts it.
 * The bytes are NULL where the kernel moved them and nobody saw them.
 */
void flow_saw(struct flow *, enum flow_side, const void *bytes, size_t length);

/* Whether something was read that has not been written. */
bool flow_has_data(const struct flow *);

/* Whether -W has been reached: nothing more is to be read. */
bool flow_is_limited(const struct flow *);

/* For flow_step.c and flow_end.c: the single place that changes the state. */
void flow_set_state(struct flow *, enum flow_state);

#endif
