/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Commands under test, with a real loop: what they say is kept, and how they
 * end.
 */
#ifndef SOCKCAT_TESTS_UNIT_STAGE_H
#define SOCKCAT_TESTS_UNIT_STAGE_H

#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "child/child.h"
#include "stream/stream.h"

/* No test takes a part of this long; one that hangs ends by SIGALRM. */
enum { LIMIT_S = 60 };

static volatile sig_atomic_t has_child_ended;
static sigset_t handled;
static struct loop *volatile woken;

/* The commands of one test, the loop that drives them, and what they said. */
struct stage {
	struct task task; /* reaps, and stops the loop when all is over */
	struct loop *loop;
	struct children *children;
	int fd;               /* our end of the command's socket, or -1 */
	struct stream *local; /* else what it is behind, or NULL */
	int slot;
	bool is_output_over;
	char output[16384];
	size_t used;
	int ended, status;
};

static inline void
handle(int number)
{
	(void)number;
	has_child_ended = 1;
	if (woken != NULL)
		loop_wake(woken);
}

static inline void
stage_want(struct task *task, struct poll_set *set)
{
	struct stage *s = (struct stage *)task;
	int fd = s->fd == -1 && s->local != NULL ? s->local->in : s->fd;

	s->slot =
	    fd == -1 || s->is_output_over ? -1 : poll_set_add(set, fd, POLLIN);
}

static inline int64_t
stage_deadline(const struct task *task)
{
	const struct stage *s = (const struct stage *)task;
	bool is_over = !children_are_running(s->children) &&
	    (s->is_output_over || (s->local == NULL && s->fd == -1));

	return has_child_ended || is_over ? 0 : LOOP_NEVER;
}

static inline void
hear(struct stage *s)
{
	char *to = s->output + s->used;
	size_t room = sizeof(s->output) - 1 - s->used;
	ssize_t n = s->fd == -1 ? stream_read(s->local, to, room)
				: stream_read_code(read(s->fd, to, room));

	if (n > 0)
		s->used += (size_t)n;
	else if (n == STREAM_EOF || n == STREAM_ERROR)
		s->is_output_over = true;
}

static inline void
stage_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct stage *s = (struct stage *)task;

	(void)now;
	if (poll_set_events(set, s->slot) != 0)
		hear(s);
	if (has_child_ended) {
		has_child_ended = 0;
		children_reap(s->children);
	}
	if (!has_child_ended && stage_deadline(task) == 0)
		loop_stop(s->loop);
}

static inline void
stage_free(struct task *task)
{
	(void)task;
}

static const struct task_ops stage_ops = { "stage", stage_want, stage_deadline,
	stage_step, NULL, stage_free };

static inline void
open_stage(struct stage *s)
{
	*s = (struct stage){ .task.ops = &stage_ops, .fd = -1, .slot = -1 };
	s->loop = loop_new();
	s->children = children_new(&handled);
	if (s->loop == NULL || s->children == NULL)
		abort();
	woken = s->loop;
	loop_add(s->loop, children_task(s->children));
	loop_add(s->loop, &s->task);
}

static inline void
close_stage(struct stage *s)
{
	woken = NULL;
	loop_free(s->loop);
	stream_free(s->local);
	if (s->fd != -1)
		close(s->fd);
}

static inline void
note_end(void *context, int status)
{
	struct stage *s = context;

	s->ended++;
	s->status = status;
}

static inline bool
said(const struct stage *s, const char *text)
{
	return strstr(s->output, text) != NULL;
}

/* Waits until a command behind a stream has said that. */
static inline void
hear_until(struct stage *s, const char *text)
{
	struct pollfd p = { .fd = s->local->in, .events = POLLIN };

	while (!said(s, text) && !s->is_output_over) {
		poll(&p, 1, -1);
		hear(s);
	}
}

static inline bool
exited(const struct stage *s, int status)
{
	return s->ended == 1 && WIFEXITED(s->status) &&
	    WEXITSTATUS(s->status) == status;
}

static struct stream nobody = { .in = -1, .out = -1 };

/* Starts a script behind pipes or a terminal. */
static inline struct child *
script(struct stage *s, const char *text, bool has_pty)
{
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, strdup(text),
		NULL };
	const struct child_command command = { argv, has_pty };
	struct child *child =
	    child_start(s->children, &command, &nobody, &s->local, note_end, s);

	free(argv[2]);
	if (child == NULL)
		abort();
	return child;
}

/* Runs a command on a socket of its own; our end is s->fd. */
static inline struct child *
on_socket(struct stage *s, char *const *argv, struct stream *client)
{
	const struct child_command command = { .argv = argv };
	struct child *child;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		fds) == -1)
		abort();
	s->fd = fds[0];
	client->in = fds[1];
	child = child_start_on(s->children, &command, client, note_end, s);
	close(fds[1]);
	return child;
}

/* Before the first stage: only our own descriptors, and signals as usual. */
static inline void
prepare_stages(void)
{
	closefrom(3);
	alarm(LIMIT_S);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, handle);
	sigaddset(&handled, SIGCHLD);
	/* A shell's background job would hand on that it is ignored. */
	signal(SIGINT, SIG_DFL);
}

#endif
