/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The clients of a server: each is served, waits in the queue, or is turned
 * away.
 */
#ifndef SOCKCAT_RUN_CLIENTS_H
#define SOCKCAT_RUN_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/session.h"

struct queue;
struct run;
struct stream;

struct clients {
	const struct run *run;
	struct queue *queue; /* of connections; NULL: all are served */
	size_t max;          /* connections for which descriptors last */
	size_t served;       /* connections */
	size_t turned_away;  /* connections that have not been closed yet */
	size_t peers;        /* served, of datagram sockets */
	int64_t idle_since;  /* when the last was served; LOOP_NEVER: not yet */
	bool is_serving_next;
	bool is_closed;        /* no more are served */
	bool is_full_reported; /* descriptors do not last for more */
	session_done *done;
	void *context;
};

/* Calls done when the client of a run that is not for many has ended. */
void clients_init(
    struct clients *, const struct run *, session_done *done, void *context);

/* Takes a client's stream over. */
void clients_add(struct clients *, struct stream *);

/* Whether one more can be accepted. */
bool clients_can_accept(const struct clients *);

/* Turns away those that wait, and serves no more. */
void clients_close(struct clients *);

/* How many are served. */
size_t clients_count(const struct clients *);

#endif
