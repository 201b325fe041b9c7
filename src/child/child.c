/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A child is in the tree, by its process id, from its start until it has
 * been waited for.  Until then the system gives that id to no other process
 * or group, so that signals reach the right one.
 */
#include "child/child.h"

#include <sys/queue.h>
#include <sys/tree.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/descriptor.h"
#include "base/loop.h"
#include "child/childio.h"
#include "child/environment.h"
#include "child/spawn.h"
#include "stream/stream.h"

enum { PATIENCE_MS = 5000 };

enum child_state { CHILD_RUNNING, CHILD_ENDING, CHILD_KILLED };

struct child {
	RB_ENTRY(child) by_pid;
	TAILQ_ENTRY(child) by_end; /* of those that are ending: kill_at */
	struct children *all;
	pid_t pid; /* and its process group */
	enum child_state state;
	int64_t kill_at;
	child_done *done;
	void *context;
};

RB_HEAD(child_tree, child);
TAILQ_HEAD(child_list, child);

struct children {
	struct task task;
	struct child_tree running;
	struct child_list ending;
	int64_t patience;
	struct spawn_rules rules;
};

static int
compare_pids(const struct child *a, const struct child *b)
{
	return (a->pid > b->pid) - (a->pid < b->pid);
}

/* As RB_GENERATE_STATIC, whose attribute is not known everywhere. */
RB_GENERATE_INTERNAL(child_tree, child, by_pid, compare_pids,
    __attribute__((__unused__)) static);

/* All have the same patience: the first that was told is due first. */
static int64_t
children_deadline(const struct task *task)
{
	const struct children *all = (const struct children *)task;
	const struct child *first = TAILQ_FIRST(&all->ending);

	return first == NULL ? LOOP_NEVER : first->kill_at;
}

static void
children_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct children *all = (struct children *)task;
	struct child *child;

	(void)set;
	while ((child = TAILQ_FIRST(&all->ending)) != NULL) {
		if (child->kill_at > now)
			return;
		TAILQ_REMOVE(&all->ending, child, by_end);
		child->state = CHILD_KILLED;
		kill(-child->pid, SIGKILL);
	}
}

static void
children_free(struct task *task)
{
	struct children *all = (struct children *)task;
	struct child *child;

	while ((child = RB_ROOT(&all->running)) != NULL) {
		RB_REMOVE(child_tree, &all->running, child);
		/* Those that were told before have no more time. */
		kill(-child->pid,
		    child->state == CHILD_ENDING ? SIGKILL : SIGTERM);
		free(child);
	}
	free(all);
}

static const struct task_ops children_ops = {
	.name = "children",
	.deadline = children_deadline,
	.step = children_step,
	.free = children_free,
};

struct children *
children_new(const sigset_t *handled)
{
	struct children *all = calloc(1, sizeof(*all));

	if (all == NULL)
		return NULL;
	all->task.ops = &children_ops;
	RB_INIT(&all->running);
	TAILQ_INIT(&all->ending);
	all->patience = PATIENCE_MS;
	all->rules.handled = handled;
	environment_prepare();
	return all;
}

struct task *
children_task(struct children *all)
{
	return &all->task;
}

void
children_set_file_limit(struct children *all, rlim_t soft)
{
	all->rules.file_limit = soft;
}

void
children_set_patience(struct children *all, int64_t milliseconds)
{
	all->patience = milliseconds;
}

bool
children_are_running(const struct children *all)
{
	return !RB_EMPTY(&all->running);
}

/* Others of its group may live on, but its id may be somebody else's now. */
static void
report_end(struct children *all, struct child *child, int status)
{
	RB_REMOVE(child_tree, &all->running, child);
	if (child->state == CHILD_ENDING)
		TAILQ_REMOVE(&all->ending, child, by_end);
	child->done(child->context, status);
	free(child);
}

static pid_t
wait_for_any(int *status)
{
	pid_t pid;

	do
		pid = waitpid(-1, status, WNOHANG);
	while (pid == -1 && errno == EINTR);
	return pid;
}

void
children_reap(struct children *all)
{
	struct child key, *child;
	int status;

	while ((key.pid = wait_for_any(&status)) > 0) {
		child = RB_FIND(child_tree, &all->running, &key);
		if (child != NULL)
			report_end(all, child, status);
	}
}

void
child_end(struct child *child)
{
	if (child->state != CHILD_RUNNING)
		return;
	child->state = CHILD_ENDING;
	child->kill_at = loop_after(loop_now(), child->all->patience);
	TAILQ_INSERT_TAIL(&child->all->ending, child, by_end);
	kill(-child->pid, SIGTERM);
}

static struct child *
start_command(struct children *all, const struct child_command *command,
    struct stream *client, const struct spawn_files *files, child_done *done,
    void *context)
{
	struct child *child = calloc(1, sizeof(*child));
	int saved;

	if (child == NULL)
		return NULL;
	if (spawn_command(
		command->argv, client, files, &all->rules, &child->pid) == -1) {
		saved = errno;
		free(child);
		errno = saved;
		return NULL;
	}
	child->all = all;
	child->done = done;
	child->context = context;
	RB_INSERT(child_tree, &all->running, child);
	return child;
}

struct child *
child_start_on(struct children *all, const struct child_command *command,
    struct stream *client, child_done *done, void *context)
{
	const struct spawn_files files = { .in = client->in,
		.out = client->in };
	struct child *child;
	int saved;

	/* Few commands know what a non-blocking socket is. */
	if (descriptor_set_blocking(client->in, true) == -1)
		return NULL;
	child = start_command(all, command, client, &files, done, context);
	if (child == NULL) {
		saved = errno;
		descriptor_set_blocking(client->in, false);
		errno = saved;
	}
	return child;
}

struct child *
child_start(struct children *all, const struct child_command *command,
    struct stream *client, struct stream **local, child_done *done,
    void *context)
{
	const char *name = command->argv[0];
	struct spawn_files files;
	struct child *child;
	struct stream *s = command->has_pty ? childio_pty(name, &files)
					    : childio_pipes(name, &files);

	if (s == NULL)
		return NULL;
	child = start_command(all, command, client, &files, done, context);
	childio_close_theirs(&files);
	if (child == NULL) {
		stream_free(s);
		return NULL;
	}
	*local = s;
	return child;
}
