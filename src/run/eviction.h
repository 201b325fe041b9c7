/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Members of a hub that have ended are evicted for clients that wait.
 */
#ifndef SOCKCAT_RUN_EVICTION_H
#define SOCKCAT_RUN_EVICTION_H

struct hub;
struct loop;
struct queue;

/*
 * Adds a task that lets members of the hub go, as many as wait in the queue.
 * Both must live as long as the loop runs.  Returns 0, or -1 with errno.
 */
int eviction_start(struct loop *, struct hub *, const struct queue *);

#endif
