/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The turn of the loop: collect wants, poll, step what is ready, reap.
 *
 * The first entry of the poll set belongs to no task but to loop_wake().  Its
 * descriptor is negative, which poll(2) passes over, until loop_wake() makes
 * it one that is not open, which ends a poll at once.  So a signal that comes
 * before poll(2) has read the set is found in it, and one that comes later
 * ends it by EINTR; and waiting for signals costs no descriptor.
 */
#include "base/loop.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/backoff.h"

enum { WAKE_NEVER = -1, WAKE_AT_ONCE = INT_MAX };

TAILQ_HEAD(task_list, task);

struct loop {
	struct task_list tasks;
	struct poll_set set;
	struct backoff shortage;
	loop_report *report;
	bool stopped;
};

/* At every moment a signal handler finds an entry that poll(2) will read. */
static int
poll_set_grow(struct poll_set *set)
{
	size_t size = set->size ? 2 * set->size : 8;
	struct pollfd *old = set->fds;
	struct pollfd *fds = reallocarray(NULL, size, sizeof(*fds));

	if (fds == NULL)
		return -1;
	fds[0] = (struct pollfd){ .fd = WAKE_NEVER };
	if (set->count > 1)
		memcpy(fds + 1, old + 1, (set->count - 1) * sizeof(*fds));
	set->wake = &fds[0].fd;
	if (old != NULL && *(volatile int *)&old[0].fd == WAKE_AT_ONCE)
		*set->wake = WAKE_AT_ONCE;
	free(old);
	set->fds = fds;
	set->size = size;
	return 0;
}

int
poll_set_add(struct poll_set *set, int fd, short events)
{
	for (size_t slot = set->first; slot < set->count; slot++) {
		if (set->fds[slot].fd != fd)
			continue;
		set->fds[slot].events |= events;
		return (int)slot;
	}
	return poll_set_append(set, fd, events);
}

int
poll_set_append(struct poll_set *set, int fd, short events)
{
	if (set->count == set->size && poll_set_grow(set) == -1) {
		set->failed = true;
		return -1;
	}
	set->fds[set->count] = (struct pollfd){ .fd = fd, .events = events };
	return (int)set->count++;
}

short
poll_set_events(const struct poll_set *set, int slot)
{
	return slot < 0 ? 0 : set->fds[slot].revents;
}

int64_t
loop_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
loop_after(int64_t now, int64_t delay)
{
	if (delay < 0 || delay >= LOOP_NEVER - now)
		return LOOP_NEVER;
	return now + delay;
}

struct loop *
loop_new(void)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (loop == NULL || poll_set_grow(&loop->set) == -1) {
		free(loop);
		return NULL;
	}
	TAILQ_INIT(&loop->tasks);
	return loop;
}

void
loop_set_report(struct loop *loop, loop_report *report)
{
	loop->report = report;
}

void
loop_free(struct loop *loop)
{
	struct task *task;

	if (loop == NULL)
		return;
	while ((task = TAILQ_FIRST(&loop->tasks)) != NULL) {
		TAILQ_REMOVE(&loop->tasks, task, others);
		task->ops->free(task);
	}
	free(loop->set.fds);
	free(loop);
}

void
loop_add(struct loop *loop, struct task *task)
{
	/* It has no slots in the turn that is under way. */
	task->first_slot = task->end_slot = 0;
	task->due = LOOP_NEVER;
	TAILQ_INSERT_TAIL(&loop->tasks, task, others);
}

void
task_end(struct task *task)
{
	task->done = true;
}

void
loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

void
loop_interrupt(struct loop *loop, int number)
{
	struct task *task;

	TAILQ_FOREACH (task, &loop->tasks, others) {
		if (task->ops->interrupt != NULL && !task->done)
			task->ops->interrupt(task, number);
	}
	loop_stop(loop);
}

void
loop_wake(struct loop *loop)
{
	*loop->set.wake = WAKE_AT_ONCE;
}

/* Fills the poll set; returns the earliest deadline. */
static int64_t
collect(struct loop *loop)
{
	int64_t earliest = LOOP_NEVER;
	struct task *task;

	loop->set.count = 1;
	loop->set.failed = false;
	/* A wake-up before this is reported by a task's deadline now. */
	*loop->set.wake = WAKE_NEVER;
	TAILQ_FOREACH (task, &loop->tasks, others) {
		task->due = task->ops->deadline(task);
		task->first_slot = loop->set.first = loop->set.count;
		if (task->ops->want != NULL)
			task->ops->want(task, &loop->set);
		task->end_slot = loop->set.count;
		if (task->due < earliest)
			earliest = task->due;
	}
	return earliest;
}

static int
timeout_until(int64_t deadline)
{
	int64_t left;

	if (deadline == LOOP_NEVER)
		return -1;
	left = deadline - loop_now();
	if (left < 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

static bool
is_ready(const struct task *task, const struct poll_set *set)
{
	for (size_t slot = task->first_slot; slot < task->end_slot; slot++)
		if (set->fds[slot].revents != 0)
			return true;
	return false;
}

static void
step_ready(struct loop *loop)
{
	int64_t now = loop_now();
	struct task *task;

	TAILQ_FOREACH (task, &loop->tasks, others) {
		if (task->done)
			continue;
		if (task->due <= now || is_ready(task, &loop->set))
			task->ops->step(task, &loop->set, now);
	}
}

static void
reap(struct loop *loop)
{
	struct task *task, *next;

	TAILQ_FOREACH_SAFE (task, &loop->tasks, others, next) {
		if (!task->done)
			continue;
		TAILQ_REMOVE(&loop->tasks, task, others);
		task->ops->free(task);
	}
}

/* The turn fails, or the set is incomplete. */
static void
count_failure(struct loop *loop, int error)
{
	if (backoff_fail(&loop->shortage, loop_now()) && loop->report != NULL)
		loop->report(error);
}

static void
sleep_until(int64_t moment)
{
	int64_t left = moment - loop_now();
	struct timespec t = { .tv_nsec = 1000000 * (left % 1000),
		.tv_sec = left / 1000 };

	if (left > 0)
		nanosleep(&t, NULL);
}

/*
 * poll(2) has failed: for lack of memory, or because the set is larger than the
 * limit of descriptors, which another process can lower.  Either may pass.
 * Until then only tasks step whose deadline has come, signals among them;
 * polling the first entry alone cannot fail, so the pause still ends at a
 * signal.
 */
static void
pause_polling(struct loop *loop, int error)
{
	int64_t until;

	count_failure(loop, error);
	step_ready(loop);
	reap(loop);
	until = backoff_deadline(&loop->shortage);
	if (!loop->stopped &&
	    poll(loop->set.fds, 1, timeout_until(until)) == -1)
		sleep_until(until);
}

/* Tasks that could not be added to the set are asked again after a pause. */
static int64_t
collect_or_pause(struct loop *loop)
{
	int64_t earliest = collect(loop), until;

	if (!loop->set.failed)
		return earliest;
	count_failure(loop, ENOMEM);
	until = backoff_deadline(&loop->shortage);
	return until < earliest ? until : earliest;
}

void
loop_run(struct loop *loop)
{
	loop->stopped = false;
	reap(loop);
	while (!loop->stopped && !TAILQ_EMPTY(&loop->tasks)) {
		int timeout = timeout_until(collect_or_pause(loop));

		if (poll(loop->set.fds, loop->set.count, timeout) == -1) {
			if (errno != EINTR)
				pause_polling(loop, errno);
			continue;
		}
		if (!loop->set.failed)
			backoff_succeed(&loop->shortage);
		step_ready(loop);
		reap(loop);
	}
}
