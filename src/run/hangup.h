/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* Detects that a client has left from which nothing is read yet. */
#ifndef SOCKCAT_RUN_HANGUP_H
#define SOCKCAT_RUN_HANGUP_H

#include <stdbool.h>

struct poll_set;
struct stream;

struct hangup {
	int slot;            /* of the turn's poll set */
	bool is_half_closed; /* it has sent everything, and may have left */
	bool is_left;        /* it has left, but what it sent can be read */
	bool has_error;      /* poll(2) told one, and of no end before */
};

/* For a task's want; a stream without a descriptor never hangs up. */
void hangup_want(struct hangup *, const struct stream *, struct poll_set *);

/*
 * For its step: whether the client has left and nothing it sent is unread.  If
 * it left without a reset, a probe makes the system notice.
 */
bool hangup_is_gone(struct hangup *, struct stream *, const struct poll_set *);

/*
 * Whether a client has left by a failure such as a reset, whatever it sent
 * before.  Takes the error from the stream.
 */
bool hangup_is_abort(struct hangup *, struct stream *);

#endif
