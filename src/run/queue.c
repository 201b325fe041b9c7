/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A client that waits is not read from; but one that has gone away makes
 * room for another.
 */
#include "run/queue.h"

#include <sys/queue.h>

#include <stdlib.h>

#include "base/loop.h"
#include "net/stream.h"
#include "observe/log.h"
#include "run/watch.h"

struct waiting {
	TAILQ_ENTRY(waiting) others;
	struct stream *stream;
	struct watch watch;
};

TAILQ_HEAD(waiting_list, waiting);

struct queue {
	struct task task;
	struct waiting_list clients;
	size_t count, most;
};

static struct stream *
take(struct queue *q, struct waiting *w)
{
	struct stream *stream = w->stream;

	TAILQ_REMOVE(&q->clients, w, others);
	q->count--;
	free(w);
	return stream;
}

static void
queue_want(struct task *task, struct poll_set *set)
{
	struct queue *q = (struct queue *)task;
	struct waiting *w;

	TAILQ_FOREACH (w, &q->clients, others) {
		watch_want(&w->watch, w->stream, set);
	}
}

static int64_t
queue_deadline(const struct task *task)
{
	(void)task;
	return LOOP_NEVER;
}

static void
queue_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct queue *q = (struct queue *)task;
	struct waiting *w, *next;

	(void)now;
	TAILQ_FOREACH_SAFE (w, &q->clients, others, next) {
		if (!watch_is_gone(&w->watch, w->stream, set))
			continue;
		log_line(LOG_EVENTS, "%s: left the queue", w->stream->source);
		stream_free(take(q, w));
	}
}

static void
queue_free(struct task *task)
{
	struct queue *q = (struct queue *)task;

	while (!TAILQ_EMPTY(&q->clients))
		stream_free(queue_take(q));
	free(q);
}

static const struct task_ops queue_ops = {
	.name = "queue",
	.want = queue_want,
	.deadline = queue_deadline,
	.step = queue_step,
	.free = queue_free,
};

struct queue *
queue_new(struct loop *loop, size_t most)
{
	struct queue *q = calloc(1, sizeof(*q));

	if (q == NULL)
		return NULL;
	q->task.ops = &queue_ops;
	q->most = most;
	TAILQ_INIT(&q->clients);
	loop_add(loop, &q->task);
	return q;
}

int
queue_add(struct queue *q, struct stream *stream)
{
	struct waiting *w = q->count < q->most ? malloc(sizeof(*w)) : NULL;

	if (w == NULL)
		return -1;
	*w = (struct waiting){ .stream = stream, .watch.slot = -1 };
	TAILQ_INSERT_TAIL(&q->clients, w, others);
	q->count++;
	log_line(LOG_EVENTS, "%s: queued, %zu of %zu", stream->source, q->count,
	    q->most);
	return 0;
}

size_t
queue_count(const struct queue *q)
{
	return q->count;
}

struct stream *
queue_take(struct queue *q)
{
	struct waiting *w = TAILQ_FIRST(&q->clients);

	return w == NULL ? NULL : take(q, w);
}
