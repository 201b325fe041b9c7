/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Closing a connection so that what was sent still arrives.  Closing a TCP
 * socket over unread input sends a reset, which destroys data in transit; so
 * input is dropped until the peer's system has acknowledged everything and the
 * peer sends no more, for a limited time.
 */
#ifndef SOCKCAT_RELAY_LINGER_H
#define SOCKCAT_RELAY_LINGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct poll_set;
struct stream;

enum linger_verdict {
	LINGER_ON,     /* look again at look_at, or when there is input */
	LINGER_OVER,   /* everything has arrived */
	LINGER_FAILED, /* errno says why */
	LINGER_LOST,   /* the same: the peer's system acknowledges no more */
};

struct linger_clock {
	int64_t moved_at; /* when the peer's system last acknowledged more */
	int64_t look_at, quiet_since, quiet;
	int64_t patience;
	size_t unsent;    /* when it was last looked at */
	bool keeps_input; /* closing over unread input tells the peer */
	bool is_short;    /* of memory, to read what has come */
	bool must_shut;   /* the writing side; a look does that first */
	int shut_code;    /* what it waits for, if that takes longer */
};

/*
 * The stream's writing side has been shut, or must_shut is set then.  Patience,
 * in milliseconds, is for a peer that acknowledges nothing, since its reader
 * may pause; negative: as long as its system answers.  It is two seconds at
 * least, and before a reset no more.
 */
void linger_begin(struct linger_clock *, int64_t now, int64_t patience);
void linger_want(
    const struct linger_clock *, const struct stream *, struct poll_set *);
enum linger_verdict linger_look(
    struct linger_clock *, struct stream *, int64_t now);

/*
 * At the end of the process: shuts the writing side if it must, and waits until
 * the peer's system has everything, at most that many milliseconds.
 */
void linger_briefly(struct stream *, bool must_shut, int64_t milliseconds);

/* Not delivered: something did not reach the peer's system, and was reported.
 */
typedef void linger_done(void *context, bool is_delivered);

/*
 * Shuts a stream, lingers if there is reason to, and frees it.  What did not
 * arrive is reported.  done is called once, maybe before this returns, but not
 * if the loop is freed before.
 */
void linger_start(struct loop *loop, struct stream *stream, int64_t patience,
    linger_done *done, void *context);

#endif
