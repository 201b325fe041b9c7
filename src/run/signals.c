/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The handler notes the number and wakes the loop: no code runs between any
 * two others, and none is interrupted for good.
 */
#include "run/signals.h"

#include <signal.h>
#include <stdlib.h>

#include "base/loop.h"

static volatile sig_atomic_t caught; /* the last of them; 0: none */
static struct loop *volatile woken;

struct signals {
	struct task task;
	struct loop *loop;
	int *received;
};

static void
handle(int number)
{
	caught = number;
	if (woken != NULL)
		loop_wake(woken);
}

static void
signals_want(struct task *task, struct poll_set *set)
{
	(void)task, (void)set;
}

static int64_t
signals_deadline(const struct task *task)
{
	(void)task;
	return caught != 0 ? 0 : LOOP_NEVER;
}

static void
signals_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct signals *s = (struct signals *)task;

	(void)set, (void)now;
	*s->received = caught;
	loop_stop(s->loop);
}

static void
signals_free(struct task *task)
{
	woken = NULL;
	free(task);
}

static const struct task_ops signals_ops = {
	.name = "signals",
	.want = signals_want,
	.deadline = signals_deadline,
	.step = signals_step,
	.free = signals_free,
};

static void
watch(int number)
{
	struct sigaction before, action = { .sa_handler = handle };

	sigemptyset(&action.sa_mask);
	if (sigaction(number, NULL, &before) == 0 &&
	    before.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

int
signals_add(struct loop *loop, int *received)
{
	struct signals *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -1;
	s->task.ops = &signals_ops;
	s->loop = loop;
	s->received = received;
	woken = loop;
	loop_add(loop, &s->task);
	watch(SIGINT);
	watch(SIGTERM);
	watch(SIGHUP);
	return 0;
}

bool
signals_ignore_pipe(void)
{
	struct sigaction before, action = { .sa_handler = SIG_IGN };

	sigemptyset(&action.sa_mask);
	return sigaction(SIGPIPE, &action, &before) == 0 &&
	    before.sa_handler != SIG_IGN;
}

void
signals_die(int number)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t set;

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
}
