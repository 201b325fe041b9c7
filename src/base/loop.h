/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The event loop: one poll(2) for everything that the program drives.
 *
 * Nothing is registered.  On each turn every task says anew which
 * descriptors it waits for and until when; what is ready decides which
 * tasks step.  A task that is done is freed after the turn, never during
 * one, so that a step may end any task, its own included.
 */
#ifndef SOCKCAT_BASE_LOOP_H
#define SOCKCAT_BASE_LOOP_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct pollfd;
struct task;

/* A deadline that is never reached. */
#define LOOP_NEVER INT64_MAX

/* The descriptors of one turn.  A slot is an index into it, or -1. */
struct poll_set {
	struct pollfd *fds;
	size_t count;
	size_t size;
	size_t first; /* of the task that is adding */
	volatile int *wake;
	bool failed; /* no memory: some could not be added */
};

/*
 * Wait for events (POLLIN, POLLOUT, or 0 for errors and hang-ups alone) on
 * fd.  Returns the slot; its revents can be read in the step that follows.
 * What a task adds for one descriptor shares a slot, and so all the events.
 */
int poll_set_add(struct poll_set *, int fd, short events);

/* The same for a descriptor that the task has not added yet. */
int poll_set_append(struct poll_set *, int fd, short events);

/* What poll(2) returned for a slot; 0 for slot -1. */
short poll_set_events(const struct poll_set *, int slot);

struct task_ops {
	const char *name;
	/* Adds the descriptors that the task waits for.  NULL: none. */
	void (*want)(struct task *, struct poll_set *);
	/* When to step even if nothing is ready: milliseconds, loop_now(). */
	int64_t (*deadline)(const struct task *);
	/* Does what can be done without waiting. */
	void (*step)(struct task *, const struct poll_set *, int64_t now);
	/*
	 * The process is about to end by a signal: what can be done at once
	 * is done now.  May be NULL.
	 */
	void (*interrupt)(struct task *, int number);
	void (*free)(struct task *);
};

/* Embedded first in what the loop drives. */
struct task {
	const struct task_ops *ops;
	TAILQ_ENTRY(task) others;
	size_t first_slot, end_slot;
	int64_t due; /* its deadline when the turn began */
	bool done;
};

/* Returns NULL with errno. */
struct loop *loop_new(void);

/* The loop cannot wait, for a reason that may pass: an errno of poll(2). */
typedef void loop_report(int error);

/* What to call, once for a run of such failures.  The loop goes on. */
void loop_set_report(struct loop *, loop_report *);

/* Frees the loop and every task that is still in it. */
void loop_free(struct loop *);

/* Hands a task over to the loop, which will free it. */
void loop_add(struct loop *, struct task *);

/* Marks a task as done; the loop frees it after the turn. */
void task_end(struct task *);

/* Makes loop_run() return after the turn. */
void loop_stop(struct loop *);

/* The same because of a signal, which every task is told first. */
void loop_interrupt(struct loop *, int number);

/*
 * Ends the poll(2) that is under way, or else the next one.  For signal
 * handlers, in the thread that runs the loop.  A task reports the signal by a
 * deadline that has passed.
 */
void loop_wake(struct loop *);

/*
 * Runs until no task is left or loop_stop().  A poll(2) that fails is tried
 * again after a pause (base/backoff.h).
 */
void loop_run(struct loop *);

/* Milliseconds on the monotonic clock. */
int64_t loop_now(void);

/* Of two deadlines the one that comes first. */
static inline int64_t
loop_earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The moment delay milliseconds after now; LOOP_NEVER if delay is negative. */
int64_t loop_after(int64_t now, int64_t delay);

#endif
