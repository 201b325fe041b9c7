/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The list of stages, and what they have in common: an order, a deadline and
 * a result.
 */
#include "dial/dial.h"

#include <errno.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "dial/hosts.h"
#include "dial/race.h"
#include "dial/stage.h"
#include "dial/target.h"

/* The path to a stream.  Another stage is a row here; see HACKING.md. */
static const struct stage_ops *const stages[] = {
	&source_stage,
	&resolve_stage,
	&connect_stage,
};

enum { STAGES = sizeof(stages) / sizeof(stages[0]) };

struct dial {
	struct task task;
	struct target target;
	struct dial_path path;
	dial_done *done;
	void *context;
	int64_t give_up_at;
	size_t next;                       /* of the stages */
	struct stage *stage;               /* NULL: none was started */
	alignas(max_align_t) char state[]; /* where each stage lives in turn */
};

static size_t
largest_stage(void)
{
	size_t size = 0;

	for (size_t i = 0; i < STAGES; i++)
		if (stages[i]->size > size)
			size = stages[i]->size;
	return size;
}

static void
dial_clear_stage(struct dial *d)
{
	if (d->stage != NULL)
		d->stage->ops->clear(d->stage);
}

static enum stage_code
dial_start_stage(struct dial *d, int64_t now)
{
	const struct stage_ops *ops = stages[d->next++];

	dial_clear_stage(d);
	memset(d->state, 0, ops->size);
	d->stage = (struct stage *)d->state;
	d->stage->ops = ops;
	d->stage->path = &d->path;
	d->path.stage = ops->name;
	return ops->start(d->stage, now);
}

static enum stage_code
dial_expire(struct dial *d)
{
	if (d->stage->ops->expire != NULL)
		d->stage->ops->expire(d->stage);
	else
		dial_path_fail(&d->path, ETIMEDOUT, strerror(ETIMEDOUT));
	return STAGE_FAILED;
}

static void
dial_end(struct dial *d, enum stage_code code)
{
	struct dial_path *p = &d->path;
	struct dial_failure *last =
	    STAILQ_LAST(&p->failures, dial_failure, others);
	struct dial_result result = {
		.stage = p->stage,
		.failures = &p->failures,
	};

	if (code == STAGE_DONE) {
		result.stream = p->stream;
		p->stream = NULL;
	} else if (last != NULL) {
		result.error = last->error;
	}
	task_end(&d->task);
	d->done(d->context, &result);
}

static void
dial_want(struct task *task, struct poll_set *set)
{
	struct dial *d = (struct dial *)task;

	if (d->stage != NULL)
		d->stage->ops->want(d->stage, set);
}

static int64_t
dial_deadline(const struct task *task)
{
	const struct dial *d = (const struct dial *)task;

	if (d->stage == NULL)
		return 0;
	if (d->stage->ops->deadline == NULL)
		return d->give_up_at;
	return loop_earlier(d->give_up_at, d->stage->ops->deadline(d->stage));
}

static void
dial_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct dial *d = (struct dial *)task;
	enum stage_code code = STAGE_DONE;

	if (d->stage != NULL)
		code = d->stage->ops->step(d->stage, set, now);
	while (code == STAGE_DONE && d->next < STAGES)
		code = dial_start_stage(d, now);
	if (code == STAGE_WAITS && d->give_up_at <= now)
		code = dial_expire(d);
	if (code != STAGE_WAITS)
		dial_end(d, code);
}

static void
dial_free(struct task *task)
{
	struct dial *d = (struct dial *)task;

	dial_clear_stage(d);
	dial_path_clear(&d->path);
	free(d);
}

static const struct task_ops dial_ops = {
	.name = "dial",
	.want = dial_want,
	.deadline = dial_deadline,
	.step = dial_step,
	.free = dial_free,
};

struct task *
dial_new(const struct target *target, dial_failed *failed, dial_done *done,
    void *context)
{
	struct dial *d = calloc(1, sizeof(*d) + largest_stage());

	if (d == NULL)
		return NULL;
	d->task.ops = &dial_ops;
	d->target = *target;
	dial_path_init(&d->path, &d->target, failed, context);
	d->done = done;
	d->context = context;
	d->give_up_at = loop_after(loop_now(), target->timeout);
	return &d->task;
}
