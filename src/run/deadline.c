/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "run/deadline.h"

#include <stdlib.h>

#include "base/loop.h"
#include "observe/event.h"
#include "run/outcome.h"

struct deadline {
	struct task task;
	struct loop *loop;
	struct outcome *outcome;
	int64_t at;
	int64_t length;
};

static int64_t
deadline_at(const struct task *task)
{
	return ((const struct deadline *)task)->at;
}

static void
deadline_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct deadline *d = (struct deadline *)task;

	(void)set, (void)now;
	event_say(EVENT_DEADLINE, .seconds = (double)d->length / 1000);
	d->outcome->is_failure = true;
	loop_stop(d->loop);
	task_end(task);
}

static void
deadline_free(struct task *task)
{
	free(task);
}

static const struct task_ops deadline_ops = {
	.name = "deadline",
	.deadline = deadline_at,
	.step = deadline_step,
	.free = deadline_free,
};

int
deadline_start(struct loop *loop, int64_t length, struct outcome *outcome)
{
	struct deadline *d;

	if (length < 0)
		return 0;
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return -1;
	*d = (struct deadline){
		.task.ops = &deadline_ops,
		.loop = loop,
		.outcome = outcome,
		.at = loop_after(loop_now(), length),
		.length = length,
	};
	loop_add(loop, &d->task);
	return 0;
}
