/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Clients that wait for a place, first come, first served.
 */
#ifndef SOCKCAT_RUN_QUEUE_H
#define SOCKCAT_RUN_QUEUE_H

#include <stddef.h>

struct loop;
struct queue;
struct stream;

/* Adds its task to the loop, which frees it.  Returns NULL with errno. */
struct queue *queue_new(struct loop *, size_t most);

/*
 * Takes a client over, and says so with -v.  Returns 0, or -1 if the queue
 * is full; the stream is then still the caller's.
 */
int queue_add(struct queue *, struct stream *);

size_t queue_count(const struct queue *);

/* Hands over the client that has waited longest; NULL: nobody waits. */
struct stream *queue_take(struct queue *);

#endif
