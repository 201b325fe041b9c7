/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The splice strategy, for the files that share it: splice.c moves bytes,
 * splice_ends.c prepares the ends.
 */
#ifndef SOCKCAT_RELAY_SPLICE_IMPL_H
#define SOCKCAT_RELAY_SPLICE_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "relay/flow.h"

/* The state of a spliced flow; none while it is copied. */
struct splice {
	bool has_pipe; /* of our own, between two ends that are none */
	int pipe[2];
	size_t held;     /* bytes in it */
	int source_size; /* of an inherited pipe before it grew; 0: as it was */
	int sink_size;
	uint64_t burst_bytes;   /* since the last pause */
	int64_t moved_at;       /* the last of them */
	int64_t coalesce_until; /* LOOP_NEVER: the ends do not */
};

/*
 * splice_ends.c: makes the state of a flow and prepares its ends.  Returns
 * false if there is no memory or no pipe to be had.
 */
bool splice_begin(struct flow *);

/* Sets the ends back, and frees the state; may be called again. */
void splice_clear(struct flow *);

/* Counts bytes that were read; once they are many, the ends coalesce. */
void splice_count_burst(struct flow *, struct splice *, size_t length);

/* A pause ends the burst, since the last bytes must not wait for more. */
void splice_end_burst(struct flow *, struct splice *);

#endif
