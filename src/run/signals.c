/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The handler only sets a flag and wakes the loop; callbacks run later, from a
 * step.  What a handler uses must be global.
 */
#include "run/signals.h"

#include <signal.h>
#include <stdlib.h>

#include "base/loop.h"

static volatile sig_atomic_t is_caught[NSIG], is_any_caught;
static struct loop *volatile woken;
static sigset_t handled; /* the empty set, until the first is added */
static struct {
	signal_handler *call;
	void *context;
} handlers[NSIG];

static void
note_signal(int number)
{
	is_caught[number] = is_any_caught = 1;
	if (woken != NULL)
		loop_wake(woken);
}

static int64_t
signals_deadline(const struct task *task)
{
	(void)task;
	return is_any_caught ? 0 : LOOP_NEVER;
}

static void
signals_step(struct task *task, const struct poll_set *set, int64_t now)
{
	(void)task, (void)set, (void)now;
	is_any_caught = 0;
	for (int i = 1; i < NSIG; i++) {
		if (!is_caught[i])
			continue;
		is_caught[i] = 0;
		handlers[i].call(handlers[i].context, i);
	}
}

static void
signals_free(struct task *task)
{
	woken = NULL;
	free(task);
}

static const struct task_ops signals_ops = {
	.name = "signals",
	.deadline = signals_deadline,
	.step = signals_step,
	.free = signals_free,
};

int
signals_add(struct loop *loop)
{
	struct task *task = calloc(1, sizeof(*task));

	if (task == NULL)
		return -1;
	task->ops = &signals_ops;
	woken = loop;
	loop_add(loop, task);
	return 0;
}

void
signals_handle(int number, signal_handler *call, void *context)
{
	struct sigaction before, action = { .sa_handler = note_signal };
	sigset_t set;

	handlers[number].context = context;
	handlers[number].call = call;
	sigemptyset(&action.sa_mask);
	/* An ignored signal stays ignored, except SIGCHLD, which we need. */
	if (sigaction(number, NULL, &before) == 0 &&
	    (before.sa_handler != SIG_IGN || number == SIGCHLD) &&
	    sigaction(number, &action, NULL) == 0)
		sigaddset(&handled, number);
	/* Our parent may have blocked it. */
	sigemptyset(&set);
	sigaddset(&set, number);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

const sigset_t *
signals_handled(void)
{
	return &handled;
}

bool
signals_ignore(int number)
{
	struct sigaction before, action = { .sa_handler = SIG_IGN };

	sigemptyset(&action.sa_mask);
	if (sigaction(number, &action, &before) == -1 ||
	    before.sa_handler == SIG_IGN)
		return false;
	sigaddset(&handled, number);
	return true;
}

int
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
	/* The first process of a container survives: pid_namespaces(7). */
	return 128 + number;
}
