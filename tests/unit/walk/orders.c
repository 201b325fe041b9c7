/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "orders.h"

#include <stdio.h>

enum {
	WATCH_MS = 15000, /* for what is to come, after the last event */
};

/* What became of an order. */
enum outcome {
	GOES_ON,    /* after the last event the session had not ended */
	OVER,       /* it had */
	IMPOSSIBLE, /* the last event cannot happen then */
	WRONG,
};

struct path {
	int events[PASSES];
	int length;
};

long orders_tried;

/* Waits for what comes by itself, and then lets everything end. */
static void
finish(struct world *w)
{
	world_run(w, w->now + WATCH_MS);
	if (w->wrong == NULL)
		world_look_at_wait(w);
	if (w->task->done)
		return;
	world_let_end(w);
	world_run(w, w->now + WATCH_MS);
	if (!w->task->done && world_has_an_end(w))
		world_find(w, "it does not end when everything has");
}

/* After the last event. */
static void
finish_order(struct world *w)
{
	bool is_over;

	if (w->scene->is_at_once)
		world_run(w, w->now + WORLD_SETTLE_MS);
	if (w->scene->signal == 0)
		finish(w);
	is_over = w->task->done;
	world_close(w);
	if (w->scene->signal != 0)
		judge_interrupted(w);
	else if (is_over)
		judge(w);
}

static enum outcome
try_path(const struct scene *scene, const struct path *p, const char **why)
{
	struct world w;
	enum outcome outcome = GOES_ON;

	world_open(&w, scene);
	for (int i = 0; i < p->length && outcome == GOES_ON; i++)
		if (!world_happen(&w, p->events[i]))
			outcome = IMPOSSIBLE;
	if (outcome == IMPOSSIBLE) {
		world_close(&w);
		return IMPOSSIBLE;
	}
	if (w.task->done)
		outcome = OVER;
	finish_order(&w);
	*why = w.wrong;
	return w.wrong != NULL ? WRONG : outcome;
}

static void
say_event(int event)
{
	if (event >= A_WHILE_PASSES)
		printf(" %s;",
		    event == A_WHILE_PASSES      ? "a while passes"
			: event == HOLD_RUNS_OUT ? "-q runs out"
						 : "-w runs out");
	else
		printf(" %s %s;", event < REMOTE ? "local" : "remote",
		    end_event_names[(event - LOCAL) % END_EVENTS]);
}

static void
say_path(const char *why, const struct scene *scene, const struct path *p)
{
	printf("# %s: %s and %s%s%s%s%s%s:", why, end_kind_names[scene->local],
	    end_kind_names[scene->remote], scene->name,
	    scene->is_busy ? ", busy" : "",
	    scene->is_at_once ? ", at once" : "",
	    scene->delay > 0 ? ", far" : "",
	    scene->signal != 0 ? ", interrupted" : "");
	for (int i = 0; i < p->length; i++)
		say_event(p->events[i]);
	printf("\n");
}

static void
say_line(const char *line, size_t length)
{
	printf("#     %.*s", (int)length, line);
}

/* The first path that goes wrong for a reason is told with its lines. */
static void
replay(const char *why, const struct scene *scene, const struct path *p)
{
	static const char *told[32];
	size_t i = 0;

	while (told[i] != NULL && told[i] != why)
		i++;
	if (told[i] == why)
		return;
	told[i] = why;
	world_hear = say_line;
	try_path(scene, p, &why);
	world_hear = NULL;
}

static bool
is_used(const struct path *p, int event)
{
	for (int i = 0; i < p->length; i++)
		if (p->events[i] == event)
			return true;
	return false;
}

/* The path itself, and all that begin with it. */
static bool
try_from(const struct orders *o, const struct scene *scene, struct path *p)
{
	const char *why = NULL;
	enum outcome outcome = try_path(scene, p, &why);
	bool is_right = true;

	if (outcome == IMPOSSIBLE)
		return true;
	orders_tried++;
	if (outcome == WRONG) {
		say_path(why, scene, p);
		replay(why, scene, p);
		return false;
	}
	if (outcome == OVER || p->length == o->length)
		return true;
	for (int i = 0; i < o->count && is_right; i++) {
		if (is_used(p, o->events[i]))
			continue;
		p->events[p->length++] = o->events[i];
		is_right = try_from(o, scene, p);
		p->length--;
	}
	return is_right;
}

bool
orders_try(const struct orders *o, const struct scene *scene)
{
	return try_from(o, scene, &(struct path){ .length = 0 });
}
