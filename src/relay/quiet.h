/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * How long a peer has been quiet.  Some servers, nginx and redis among them,
 * treat a half-close as a disconnected client and drop the rest of an answer.
 * So a client shuts its side only when the peer seems to have finished.
 */
#ifndef SOCKCAT_RELAY_QUIET_H
#define SOCKCAT_RELAY_QUIET_H

#include <stdbool.h>
#include <stdint.h>

struct stream;

/* Times are in milliseconds. */
struct quiet {
	int64_t after;   /* of silence, at least */
	bool is_exact;   /* the user's time: neither more nor less */
	int64_t since;   /* LOOP_NEVER: the peer is not waited for */
	int64_t look_at; /* whether it is over */
	int64_t longest; /* pause after which the peer went on */
	uint64_t heard, sent;
};

/* after is the user's time; a negative one stands for the default. */
void quiet_init(struct quiet *, int64_t after, int64_t now);

/*
 * Restarts after bytes in either direction, given as totals.  is_waiting says
 * whether we wait for the peer: everything it has sent is read and written.
 */
void quiet_note(struct quiet *, uint64_t heard, uint64_t sent, bool is_waiting,
    int64_t now);

/* When to ask quiet_is_over(). */
int64_t quiet_deadline(const struct quiet *);

/*
 * Whether the peer has been quiet for long enough, its system has acknowledged
 * everything, and nothing is available to be read.
 */
bool quiet_is_over(struct quiet *, struct stream *peer, int64_t now);

#endif
