/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* A waiting client is not read from, but one that has left is removed. */
#include "run/queue.h"

#include <sys/queue.h>

#include <stdlib.h>

#include "base/loop.h"
#include "observe/event.h"
#include "run/hangup.h"
#include "stream/stream.h"

struct waiting {
	TAILQ_ENTRY(waiting) others;
	struct stream *stream;
	struct hangup hangup;
	int64_t since;
};

TAILQ_HEAD(waiting_list, waiting);

struct queue {
	struct task task;
	struct waiting_list clients;
	size_t count, max;
	int64_t moved_at; /* when a client last came or went */
};

enum { CROWD_MS = 1000 };

static struct stream *
remove_client(struct queue *q, struct waiting *w)
{
	struct stream *stream = w->stream;

	TAILQ_REMOVE(&q->clients, w, others);
	q->count--;
	q->moved_at = loop_now();
	free(w);
	return stream;
}

static void
queue_want(struct task *task, struct poll_set *set)
{
	struct queue *q = (struct queue *)task;
	struct waiting *w;

	TAILQ_FOREACH (w, &q->clients, others) {
		hangup_want(&w->hangup, w->stream, set);
	}
}

/* Then the listener asks again whether it may accept. */
static int64_t
queue_deadline(const struct task *task)
{
	const struct queue *q = (const struct queue *)task;
	int64_t until = queue_crowded_until(q);

	return until > loop_now() ? until : LOOP_NEVER;
}

static void
queue_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct queue *q = (struct queue *)task;
	struct waiting *w, *next;

	(void)now;
	TAILQ_FOREACH_SAFE (w, &q->clients, others, next) {
		if (!hangup_is_gone(&w->hangup, w->stream, set))
			continue;
		event_say(EVENT_LEFT_QUEUE, .peer = stream_source(w->stream));
		stream_free(remove_client(q, w));
	}
}

static void
queue_free(struct task *task)
{
	struct queue *q = (struct queue *)task;

	while (!TAILQ_EMPTY(&q->clients))
		stream_free(remove_client(q, TAILQ_FIRST(&q->clients)));
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
queue_new(struct loop *loop, size_t max)
{
	struct queue *q = calloc(1, sizeof(*q));

	if (q == NULL)
		return NULL;
	q->task.ops = &queue_ops;
	q->max = max;
	TAILQ_INIT(&q->clients);
	loop_add(loop, &q->task);
	return q;
}

int
queue_add(struct queue *q, struct stream *stream)
{
	struct waiting *w = q->count < q->max ? malloc(sizeof(*w)) : NULL;

	if (w == NULL)
		return -1;
	*w = (struct waiting){
		.stream = stream,
		.hangup.slot = -1,
		.since = loop_now(),
	};
	/* If we are killed, the client is reset: it was not served. */
	stream_set_abort(stream, true);
	TAILQ_INSERT_TAIL(&q->clients, w, others);
	q->count++;
	q->moved_at = w->since;
	event_say(EVENT_QUEUED, .peer = stream_source(stream),
	    .count = q->count, .limit = q->max);
	return 0;
}

size_t
queue_count(const struct queue *q)
{
	return q->count;
}

int64_t
queue_crowded_until(const struct queue *q)
{
	return q->count < q->max ? 0 : loop_after(q->moved_at, CROWD_MS);
}

int64_t
queue_since(const struct queue *q)
{
	const struct waiting *w = TAILQ_FIRST(&q->clients);

	return w == NULL ? LOOP_NEVER : w->since;
}

struct stream *
queue_take(struct queue *q)
{
	struct waiting *w = TAILQ_FIRST(&q->clients);

	if (w == NULL)
		return NULL;
	stream_set_abort(w->stream, false);
	return remove_client(q, w);
}
