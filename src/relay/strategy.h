/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A strategy is the way in which the bytes of a flow move.  It reads and
 * writes, counts both by flow_saw(), and returns what the streams said.
 * relay/flow_step and relay/flow_end decide what that means to the flow.
 */
#ifndef SOCKCAT_RELAY_STRATEGY_H
#define SOCKCAT_RELAY_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flow;

/* Which one is to be taken. */
enum strategy_choice {
	STRATEGY_AUTO,   /* as suits the ends */
	STRATEGY_COPY,   /* never spliced */
	STRATEGY_SPLICE, /* from the first byte on, if it can be spliced */
};

/*
 * What a call of a strategy came to.  All zero: nothing is to be done.  Small
 * enough to be returned in registers.
 */
struct strategy_result {
	int8_t source;  /* the code of a read that brought nothing, or 0 */
	int8_t sink;    /* the code of a write that took nothing, or 0 */
	bool ends_line; /* -i: what comes next is to wait */
	bool gives_up;  /* the rest is to be copied: relay/copy.c */
	int error;      /* errno of STREAM_ERROR and STREAM_LATER */
	size_t length;  /* of the message that the sink did not take */
};

struct strategy {
	const char *name;
	/* Whether there is space to read into. */
	bool (*can_read)(const struct flow *);
	/* Whether something read has not been written. */
	bool (*has_data)(const struct flow *);
	/* Reads, more than once only where that is known to pay. */
	struct strategy_result (*fill)(struct flow *);
	/* Writes what is held, until the end of a line with -i. */
	struct strategy_result (*drain)(struct flow *);
	/* Bytes that are held, but not in the flow's buffer.  NULL: none. */
	size_t (*held)(const struct flow *);
	/* When to step though nothing is ready; LOOP_NEVER.  NULL: never. */
	int64_t (*deadline)(const struct flow *);
	/* Frees what the next read can make anew.  NULL: nothing. */
	void (*trim)(struct flow *);
	/* Gives up what it keeps; may be called again.  NULL: nothing. */
	void (*clear)(struct flow *);
};

/* What a read or a write has returned, and errno. */
static inline struct strategy_result
strategy_source(int64_t code, int error)
{
	return (struct strategy_result){ .source = code < 0 ? (int8_t)code : 0,
		.error = error };
}

static inline struct strategy_result
strategy_sink(int64_t code, int error)
{
	return (struct strategy_result){ .sink = code < 0 ? (int8_t)code : 0,
		.error = error };
}

#endif
