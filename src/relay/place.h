/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A place in a hub: the stream that a client's relay sees.  For relay/hub.c
 * alone, which decides where what comes from a place goes.
 */
#ifndef SOCKCAT_RELAY_PLACE_H
#define SOCKCAT_RELAY_PLACE_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/loop.h"
#include "net/stream.h"
#include "relay/hub.h"

TAILQ_HEAD(place_list, place);

struct hub {
	struct task task;
	struct hub_options options;
	struct place_list places;
	size_t users;  /* the loop, and each place */
	size_t live;   /* places that still take something */
	size_t hungry; /* and of them, those with little in their queues */
	unsigned long joined;
	size_t line_most; /* bytes of a line that is kept together */
	struct buffer input, output;
	int in_slot, out_slot;
	bool is_full;     /* clients' bytes must wait for the output */
	bool is_finished; /* no input will come any more */
	bool is_blocked, is_failed;
};

struct place {
	struct stream stream;
	struct hub *hub;
	TAILQ_ENTRY(place) others;
	unsigned long number;
	struct buffer line;  /* received, not yet complete */
	struct buffer queue; /* to be sent; of messages, each with its length */
	bool is_ended;       /* its client has sent everything */
	bool is_dropped;
	bool is_live, is_hungry; /* and counted as such */
};

enum { QUEUE_LOW = 64 * 1024 /* for a client that wants more */ };

/* Returns NULL with errno. */
struct place *place_new(struct hub *, const char *name, bool keeps_messages);

/*
 * Counts the place anew, after whatever happened to it.  True: the others
 * may be ready for something else now.
 */
bool place_count(struct place *);

/* Sees to it that the place's relay steps when there is reason to. */
void place_set_ready(struct place *);

/* Whether nothing will be queued for the client any more. */
bool place_is_over(const struct place *);

/* Queues bytes for the client; a queue that overflows costs it the place. */
void place_push(struct place *, const uint8_t *bytes, size_t length);

/* Takes a client's place away, and says why. */
void place_drop(struct place *, const char *why);

/* Of the hub: what a client sent, whole; and that its place is freed. */
void hub_deliver(struct place *, const uint8_t *bytes, size_t length);
void hub_leave(struct place *);
void hub_set_all_ready(struct hub *);

#endif
