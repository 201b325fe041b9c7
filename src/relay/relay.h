/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A relay connects two streams: a task of two flows, one for each direction,
 * and their deadlines.  It does not know how the streams were made or what they
 * are.
 */
#ifndef SOCKCAT_RELAY_RELAY_H
#define SOCKCAT_RELAY_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "relay/strategy.h"

struct stream;
struct task;

/* Times are in milliseconds; a negative one means never. */
struct relay_options {
	int64_t hold;           /* -q: after the end of input */
	bool holds_from_peer;   /* or after the end of the peer's data */
	int64_t idle_timeout;   /* -w, --idle-timeout: nothing moves */
	int64_t shutdown_after; /* of quiet; negative: the default */
	bool asks;              /* a client: its end waits for the answer */
	bool leaves;            /* --send-only: done when all has arrived */
	bool tolerate_abort;    /* --tolerate-abort */
	int64_t line_delay;     /* -i: between lines sent; 0: none */
	uint64_t read_limit;    /* -W: reads from the peer; 0: no limit */
	size_t datagram_size;   /* --datagram-size; 0: what the path carries */
	bool crlf;              /* -C */
	bool telnet;            /* -t */
	bool no_shutdown;       /* --no-shutdown */
	bool null_eof;          /* --null-eof */
	bool cuts_lines;        /* --lines: each line sent is a message */
	bool ends_lines;        /* and each message received is a line */
	bool owns_local;        /* the local stream is freed with the relay */
	bool is_one_of_many;    /* keeps no memory while nothing moves */
	enum strategy_choice choice; /* of the strategies, for tests */
	void (*release)(void *);     /* frees done's context, with the relay */
};

struct relay_result {
	bool is_complete;      /* everything was delivered */
	bool is_local_gone;    /* the local sink takes no more */
	bool is_reader_gone;   /* because its reader has closed (EPIPE) */
	bool is_source_failed; /* the local one, which has been reported */
	bool is_peer_failed;   /* the remote end, which has been reported */
};

/* Called once, from the relay's step; failures have been reported. */
typedef void relay_done(void *context, const struct relay_result *);

/*
 * Relays between a local stream, which must outlive the task unless it owns
 * it, and a remote one, which the task takes over.  Returns NULL with errno,
 * and what it owns freed.
 */
struct task *relay_new(struct stream *local, struct stream *remote,
    const struct relay_options *, relay_done *, void *context);

#endif
