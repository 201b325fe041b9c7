/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * There is no event for "all acknowledged", so the hub is asked now and then.
 */
#include "run/drain.h"

#include <stdlib.h>

#include "base/loop.h"
#include "hub/hub.h"

enum {
	LOOK_MS = 20,
	LEAVE_MS = 1000, /* for members that have been sent everything */
};

struct drain {
	struct task task;
	struct hub *hub;
	int64_t look_at;
	int64_t leave_at; /* LOOP_NEVER: something is still to be sent */
	drain_done *done;
	void *context;
};

static int64_t
drain_deadline(const struct task *task)
{
	return ((const struct drain *)task)->look_at;
}

static void
drain_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct drain *d = (struct drain *)task;

	(void)set;
	d->look_at = loop_after(now, LOOK_MS);
	if (hub_has_output(d->hub) || !hub_is_drained(d->hub))
		d->leave_at = LOOP_NEVER;
	else if (d->leave_at == LOOP_NEVER)
		d->leave_at = loop_after(now, LEAVE_MS);
	if (now < d->leave_at &&
	    (hub_has_output(d->hub) || hub_count(d->hub) > 0))
		return;
	task_end(task);
	d->done(d->context);
}

static void
drain_free(struct task *task)
{
	free(task);
}

static const struct task_ops drain_ops = {
	.name = "drain",
	.deadline = drain_deadline,
	.step = drain_step,
	.free = drain_free,
};

int
drain_start(struct loop *loop, struct hub *hub, drain_done *done, void *context)
{
	struct drain *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return -1;
	d->task.ops = &drain_ops;
	d->hub = hub;
	d->leave_at = LOOP_NEVER;
	d->done = done;
	d->context = context;
	hub_drain(hub);
	loop_add(loop, &d->task);
	return 0;
}
