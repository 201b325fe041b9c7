/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The handler writes the number to a pipe that a task reads: no code runs
 * between any two others, and none is interrupted for good.
 */
#include "run/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/loop.h"

static int pipe_fds[2] = { -1, -1 };

struct signals {
	struct task task;
	struct loop *loop;
	int *received;
};

static void
handle(int number)
{
	unsigned char byte = (unsigned char)number;
	int saved = errno;

	/* A pipe that is full has told the loop already. */
	if (write(pipe_fds[1], &byte, 1) == -1)
		errno = saved;
	errno = saved;
}

static void
signals_want(struct task *task, struct poll_set *set)
{
	(void)task;
	poll_set_add(set, pipe_fds[0], POLLIN);
}

static int64_t
signals_deadline(const struct task *task)
{
	(void)task;
	return LOOP_NEVER;
}

static void
signals_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct signals *s = (struct signals *)task;
	unsigned char byte;

	(void)set, (void)now;
	if (read(pipe_fds[0], &byte, 1) != 1)
		return;
	*s->received = byte;
	loop_stop(s->loop);
}

static void
signals_free(struct task *task)
{
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	pipe_fds[0] = pipe_fds[1] = -1;
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
	if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) == -1) {
		free(s);
		return -1;
	}
	s->task.ops = &signals_ops;
	s->loop = loop;
	s->received = received;
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
