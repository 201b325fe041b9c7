/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "base/loop.h"

#include <sys/resource.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

/* A task that counts, and ends or stops the loop after so many steps. */
struct probe {
	struct task task;
	int fd;
	int slot;
	int64_t at;
	int steps, last_step;
	bool *is_freed;
	struct probe *victim;
};

static void
probe_want(struct task *task, struct poll_set *set)
{
	struct probe *p = (struct probe *)task;

	p->slot = p->fd == -1 ? -1 : poll_set_add(set, p->fd, POLLIN);
}

static int64_t
probe_deadline(const struct task *task)
{
	return ((const struct probe *)task)->at;
}

static void
probe_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct probe *p = (struct probe *)task;
	char byte;

	(void)now;
	if (poll_set_events(set, p->slot) & POLLIN)
		while (read(p->fd, &byte, 1) == -1)
			;
	if (p->victim != NULL)
		task_end(&p->victim->task);
	if (++p->steps == p->last_step)
		task_end(task);
}

static void
probe_free(struct task *task)
{
	struct probe *p = (struct probe *)task;

	if (p->is_freed != NULL)
		*p->is_freed = true;
}

static const struct task_ops probe_ops = { "probe", probe_want, probe_deadline,
	probe_step, NULL, probe_free };

static struct probe
probe(int fd, int64_t at, int last_step)
{
	return (struct probe){ .task.ops = &probe_ops,
		.fd = fd,
		.slot = -1,
		.at = at,
		.last_step = last_step };
}

static void
a_ready_descriptor_steps_its_task(void)
{
	struct loop *loop = loop_new();
	int fds[2];
	struct probe reader;

	if (pipe(fds) == -1 || write(fds[1], "abc", 3) != 3)
		abort();
	reader = probe(fds[0], LOOP_NEVER, 3);
	loop_add(loop, &reader.task);
	loop_run(loop);
	ok(reader.steps == 3,
	    "a task steps as long as its descriptor is ready");
	loop_free(loop);
	close(fds[0]);
	close(fds[1]);
}

static void
a_deadline_steps_its_task(void)
{
	struct loop *loop = loop_new();
	int64_t start = loop_now();
	struct probe timer = probe(-1, start + 20, 1);

	loop_add(loop, &timer.task);
	loop_run(loop);
	ok(timer.steps == 1 && loop_now() >= start + 20,
	    "a task steps at its deadline, not before");
	loop_free(loop);
}

static void
a_step_may_end_another_task(void)
{
	struct loop *loop = loop_new();
	bool is_freed = false;
	struct probe victim = probe(-1, 0, 0), killer = probe(-1, 0, 1);

	victim.is_freed = &is_freed;
	killer.victim = &victim;
	loop_add(loop, &killer.task);
	loop_add(loop, &victim.task);
	loop_run(loop);
	ok(is_freed && victim.steps == 0,
	    "a task that another one ended steps no more and is freed");
	loop_free(loop);
}

static void
freeing_the_loop_frees_its_tasks(void)
{
	struct loop *loop = loop_new();
	bool is_freed = false;
	struct probe waiting = probe(-1, LOOP_NEVER, 0);

	waiting.is_freed = &is_freed;
	loop_add(loop, &waiting.task);
	loop_free(loop);
	ok(is_freed, "freeing the loop frees the tasks in it");
}

static void
a_task_has_one_slot_for_a_descriptor(void)
{
	struct poll_set set = { 0 };
	int slot = poll_set_add(&set, 0, POLLIN);

	ok(poll_set_add(&set, 0, POLLOUT) == slot && set.count == 1 &&
		set.fds[slot].events == (POLLIN | POLLOUT),
	    "what a task adds for one descriptor shares a slot");
	set.first = set.count;
	ok(poll_set_add(&set, 0, 0) != slot, "other tasks have their own");
	free(set.fds);
}

static int reports, reported;

static void
count_report(int error)
{
	reports++;
	reported = error;
}

/* Allows so many descriptors, and as many entries of a poll set. */
static void
limit_files(rlim_t most)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		abort();
	limit.rlim_cur = most;
	if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
		abort();
}

static void
lift_limit(struct task *task, const struct poll_set *set, int64_t now)
{
	(void)set, (void)now;
	limit_files(256);
	task_end(task);
}

static const struct task_ops lifting_ops = { "lifting", probe_want,
	probe_deadline, lift_limit, NULL, probe_free };

static void
a_loop_goes_on_when_poll_can_again(void)
{
	struct loop *loop = loop_new();
	int64_t start = loop_now();
	struct probe reader, timer = probe(-1, start + 50, 0);
	int fds[2];

	if (pipe(fds) == -1 || write(fds[1], "abc", 3) != 3)
		abort();
	reader = probe(fds[0], LOOP_NEVER, 3);
	timer.task.ops = &lifting_ops;
	loop_set_report(loop, count_report);
	loop_add(loop, &reader.task);
	loop_add(loop, &timer.task);
	limit_files(1);
	loop_run(loop);
	ok(reader.steps == 3 && loop_now() >= start + 50,
	    "a loop whose poll(2) fails goes on when it can again");
	ok(reports == 1 && reported == EINVAL, "and says so once");
	loop_free(loop);
	close(fds[0]);
	close(fds[1]);
}

int
main(void)
{
	a_task_has_one_slot_for_a_descriptor();
	a_ready_descriptor_steps_its_task();
	a_deadline_steps_its_task();
	a_step_may_end_another_task();
	freeing_the_loop_frees_its_tasks();
	a_loop_goes_on_when_poll_can_again();
	ok(loop_after(5, -1) == LOOP_NEVER, "a negative delay is never");
	ok(loop_after(5, INT64_MAX) == LOOP_NEVER,
	    "a delay beyond the clock is never");
	return tap_end();
}
