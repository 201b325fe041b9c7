/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* Clients that wait to be served, first come, first served. */
#ifndef SOCKCAT_RUN_QUEUE_H
#define SOCKCAT_RUN_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct loop;
struct queue;
struct stream;

/* Adds its task to the loop, which frees it.  Returns NULL with errno. */
struct queue *queue_new(struct loop *, size_t max);

/*
 * Takes a client over, and says so with -v.  Returns 0, or -1 if the queue
 * is full; the stream is then still the caller's.
 */
int queue_add(struct queue *, struct stream *);

size_t queue_count(const struct queue *);

/*
 * Until when new clients wait in the system's queue instead of being turned
 * away, because this queue is changing; may have passed.
 */
int64_t queue_crowded_until(const struct queue *);

/* Since when the first has been waiting, loop_now(); LOOP_NEVER: none is. */
int64_t queue_since(const struct queue *);

/* Hands over the client that has waited longest; NULL: none waits. */
struct stream *queue_take(struct queue *);

#endif
