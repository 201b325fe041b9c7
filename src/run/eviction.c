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
	const struct eviction *r = (const struct eviction *)task;

	if (queue_count(r->queue) <= hub_closing(r->hub))
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
eviction_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct eviction *r = (struct eviction *)task;

	(void)set;
	while (eviction_deadline(task) <= now)
		hub_close_spare(r->hub);
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
	struct eviction *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return -1;
	r->task.ops = &eviction_ops;
	r->hub = hub;
	r->queue = queue;
	loop_add(loop, &r->task);
	return 0;
}
