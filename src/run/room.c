/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A member that has sent something and ended is done, and goes at once.  One
 * that only listens is let go for somebody who has waited for long enough
 * that it is not a matter of a burst of short visits.
 */
#include "run/room.h"

#include <stdlib.h>

#include "base/loop.h"
#include "hub/hub.h"
#include "run/queue.h"

enum { WAIT_MS = 1000 };

struct room {
	struct task task;
	struct hub *hub;
	const struct queue *queue;
};

static void
room_want(struct task *task, struct poll_set *set)
{
	(void)task, (void)set;
}

static int64_t
room_deadline(const struct task *task)
{
	const struct room *r = (const struct room *)task;

	if (queue_count(r->queue) <= hub_leaving(r->hub))
		return LOOP_NEVER;
	switch (hub_spare(r->hub)) {
	case HUB_SPARE_SPEAKER:
		return 0;
	case HUB_SPARE_LISTENER:
		return loop_after(queue_since(r->queue), WAIT_MS);
	case HUB_NO_SPARE:
		break;
	}
	return LOOP_NEVER;
}

static void
room_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct room *r = (struct room *)task;

	(void)set;
	while (room_deadline(task) <= now)
		hub_let_go(r->hub);
}

static void
room_free(struct task *task)
{
	free(task);
}

static const struct task_ops room_ops = {
	.name = "room",
	.want = room_want,
	.deadline = room_deadline,
	.step = room_step,
	.free = room_free,
};

int
room_start(struct loop *loop, struct hub *hub, const struct queue *queue)
{
	struct room *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return -1;
	r->task.ops = &room_ops;
	r->hub = hub;
	r->queue = queue;
	loop_add(loop, &r->task);
	return 0;
}
