/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Room for clients that wait: members of a hub that have ended make it.
 */
#ifndef SOCKCAT_RUN_ROOM_H
#define SOCKCAT_RUN_ROOM_H

struct hub;
struct loop;
struct queue;

/*
 * Adds a task that lets members of the hub go, as many as wait in the queue.
 * Both must live as long as the loop runs.  Returns 0, or -1 with errno.
 */
int room_start(struct loop *, struct hub *, const struct queue *);

#endif
