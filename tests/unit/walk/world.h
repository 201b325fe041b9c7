/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A relay between two ends, with a clock of its own: what can happen to it,
 * one event after the other, and what must hold after each.
 */
#ifndef SOCKCAT_TESTS_UNIT_WALK_WORLD_H
#define SOCKCAT_TESTS_UNIT_WALK_WORLD_H

#include <poll.h>

#include "base/loop.h"
#include "ends.h"
#include "relay/relay.h"

/*
 * Of the local end, such as LOCAL + ENDS, of the remote one, and the passing
 * of time.  Zero is none.
 */
enum {
	LOCAL = 1,
	REMOTE = LOCAL + END_EVENTS,
	A_WHILE_PASSES = REMOTE + END_EVENTS,
	HOLD_RUNS_OUT, /* -q */
	IDLE_RUNS_OUT, /* -w */
	LOCAL_SPEAKS,
	REMOTE_SPEAKS,
	PASSES, /* and so many milliseconds more */
};

enum {
	WORLD_SLOTS = 8,
	WORLD_SETTLE_MS = 1, /* in which an event has its effect */
};

struct scene {
	const char *name; /* of the options */
	enum end_kind local, remote;
	struct relay_options options;
	int64_t delay;      /* of the line */
	bool is_busy;       /* more comes from both ends before each event */
	bool is_at_once;    /* nothing is stepped between the events */
	bool is_input_over; /* from the start */
	int signal;         /* that interrupts it in the end; 0: none */
};

struct world {
	const struct scene *scene;
	struct end local, remote;
	struct task *task;
	struct relay *relay;
	int64_t now;
	struct pollfd fds[WORLD_SLOTS];
	struct poll_set set;
	int spins, turns;
	int done;
	int64_t ended_at;
	struct relay_result result;
	const char *wrong;           /* what was found first */
	size_t lines;                /* of error */
	bool has_told_end;           /* when it was interrupted */
	bool has_failed_after_input; /* after the end of what was typed */
};

void world_open(struct world *, const struct scene *);

/* Interrupts the relay if the scene says so, frees it, counts its errors. */
void world_close(struct world *);

/*
 * One event, and what follows at once.  Returns false
 * if it cannot happen in that state.
 */
bool world_happen(struct world *, int event);

/* Steps the relay until that time, or its end. */
void world_run(struct world *, int64_t until);

/* Nothing is due, and the session goes on: for what? */
void world_look_at_wait(struct world *);

/* Everything that has not failed goes on, and comes to its end. */
void world_let_end(struct world *);

/* Whether it ends when everything has. */
bool world_has_an_end(const struct world *);

/* What is wrong; the first counts. */
void world_find(struct world *, const char *what);

/* What it came to: when it is over, and when a signal ended it. */
void judge(struct world *);
void judge_interrupted(struct world *);

/* What is called when a line is told; may be NULL. */
extern void (*world_hear)(const char *line, size_t length);

#endif
