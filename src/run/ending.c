/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Nobody tells when bytes are acknowledged, so it is looked up now and then.
 */
#include "run/ending.h"

#include <stdlib.h>

#include "base/loop.h"
#include "hub/hub.h"

enum {
	LOOK_MS = 20,
	LEAVE_MS = 1000, /* for members that have been sent everything */
};

struct ending {
	struct task task;
	struct hub *hub;
	int64_t look_at;
	int64_t leave_at; /* LOOP_NEVER: something is still to be sent */
	ending_done *done;
	void *context;
};

static void
ending_want(struct task *task, struct poll_set *set)
{
	(void)task, (void)set;
}

static int64_t
ending_deadline(const struct task *task)
{
	return ((const struct ending *)task)->look_at;
}

static void
ending_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct ending *e = (struct ending *)task;

	(void)set;
	e->look_at = loop_after(now, LOOK_MS);
	if (hub_has_data(e->hub) || !hub_is_drained(e->hub))
		e->leave_at = LOOP_NEVER;
	else if (e->leave_at == LOOP_NEVER)
		e->leave_at = loop_after(now, LEAVE_MS);
	if (now < e->leave_at &&
	    (hub_has_data(e->hub) || hub_count(e->hub) > 0))
		return;
	task_end(task);
	e->done(e->context);
}

static void
ending_free(struct task *task)
{
	free(task);
}

static const struct task_ops ending_ops = {
	.name = "ending",
	.want = ending_want,
	.deadline = ending_deadline,
	.step = ending_step,
	.free = ending_free,
};

int
ending_start(
    struct loop *loop, struct hub *hub, ending_done *done, void *context)
{
	struct ending *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return -1;
	e->task.ops = &ending_ops;
	e->hub = hub;
	e->leave_at = LOOP_NEVER;
	e->done = done;
	e->context = context;
	hub_drain(hub);
	loop_add(loop, &e->task);
	return 0;
}
