/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A member that has sent something and ended is done, and leaves at once.  A
 * member that only listens leaves when a client has waited for a second, which
 * is longer than a burst of short connections takes.
 */
#include "run/eviction.h"

#include <stdlib.h>

#include "base/loop.h"
#include "hub/hub.h"
#include "run/queue.h"

enum { WAIT_MS = 1000 };

struct eviction {
	struct task task;
	struct hub *hub;
	const struct queue *queue;
};

static int64_t
eviction_deadline(const struct task *task)
{
	const struct eviction *e = (const struct eviction *)task;

	if (queue_count(e->queue) <= hub_closing(e->hub))
		return LOOP_NEVER;
	switch (hub_spare(e->hub)) {
	case HUB_SPARE_SPEAKER:
		return 0;
	case HUB_SPARE_LISTENER:
		return loop_after(queue_since(e->queue), WAIT_MS);
	case HUB_NO_SPARE:
		break;
	}
	return LOOP_NEVER;
}

static void
eviction_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct eviction *e = (struct eviction *)task;

	(void)set;
	while (eviction_deadline(task) <= now)
		hub_close_spare(e->hub);
}

static void
eviction_free(struct task *task)
{
	free(task);
}

static const struct task_ops eviction_ops = {
	.name = "eviction",
	.deadline = eviction_deadline,
	.step = eviction_step,
	.free = eviction_free,
};

int
eviction_start(struct loop *loop, struct hub *hub, const struct queue *queue)
{
	struct eviction *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return -1;
	e->task.ops = &eviction_ops;
	e->hub = hub;
	e->queue = queue;
	loop_add(loop, &e->task);
	return 0;
}
