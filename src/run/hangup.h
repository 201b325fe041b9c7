/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A client that nobody reads from yet: whether it is still there.
 */
#ifndef SOCKCAT_RUN_HANGUP_H
#define SOCKCAT_RUN_HANGUP_H

#include <stdbool.h>

struct poll_set;
struct stream;

struct hangup {
	int slot;            /* of the turn's poll set */
	bool is_half_closed; /* it has sent everything, and may be gone */
	bool is_left;        /* it has gone, but what it sent is still here */
};

/* For a task's want; a stream without a descriptor is always there. */
void hangup_want(struct hangup *, const struct stream *, struct poll_set *);

/*
 * For its step: whether the client has gone and left nothing to read.  If it
 * went without a reset, the system is made to find that out in time.
 */
bool hangup_is_gone(struct hangup *, struct stream *, const struct poll_set *);

#endif
