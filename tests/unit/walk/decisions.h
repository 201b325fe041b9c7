/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a relay decides, row by row: the events, what they come to, and what is
 * said of it with -v.  HACKING.md, "A session always ends", says the same in
 * sentences.
 */
#ifndef SOCKCAT_TESTS_UNIT_WALK_DECISIONS_H
#define SOCKCAT_TESTS_UNIT_WALK_DECISIONS_H

#include "world.h"

/* Options, and where the session happens. */
enum {
	LISTENER = 1 << 0,
	MANY = 1 << 1,       /* clients of one server */
	INPUT_OVER = 1 << 2, /* with an earlier client */
	AT_ONCE = 1 << 3,    /* nothing is stepped between the events */
	FAR = 1 << 4,        /* 100 ms there and back */
	NOW = 1 << 5,        /* -N */
	AFTER = 1 << 6,      /* --shutdown-after 10 */
	SILENT = 1 << 7,     /* --no-shutdown */
	SEND_ONLY = 1 << 8,  /* --send-only */
	Q = 1 << 9,          /* -q 1 */
	Q0 = 1 << 10,        /* -q 0 */
	FROM_PEER = 1 << 11, /* it counts from the end of either side */
	W = 1 << 12,         /* -w 5 */
	DELAY = 1 << 13,     /* -i 20 */
	LIMIT = 1 << 14,     /* -W 1 */
	TOLERATE = 1 << 15,  /* --tolerate-abort */
	TERM = 1 << 16,      /* SIGTERM in the end */
	INT = 1 << 17,       /* SIGINT in the end */
};

/* Short, for tables. */
#define L(event) (LOCAL + (event))
#define R(event) (REMOTE + (event))
#define QUESTION LOCAL_SPEAKS
#define ANSWER   REMOTE_SPEAKS

struct decision {
	const char *name;
	enum end_kind local, remote;
	unsigned with;
	int events[8]; /* up to the first zero */
	/* A minute later: both states, or when and how it has ended. */
	const char *outcome;
	const char *lines; /* each with its newline */
};

/* Each ends with one that has no name. */
extern const struct decision decisions_on_ends[];
extern const struct decision decisions_on_failures[];
extern const struct decision decisions_on_times[];

/* Returns whether it comes to what it should; else says what it comes to. */
bool decision_holds(const struct decision *);

#endif
