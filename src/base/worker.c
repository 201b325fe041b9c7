/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The end of the work is told by the pipe alone: poll(2) can wait for it,
 * and what the thread wrote before the byte is seen by whoever reads it.
 */
#include "base/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct worker {
	worker_run *run;
	worker_free *free;
	void *context;
	int pipe[2];
	atomic_int users;
};

static void
release(struct worker *w)
{
	close(w->pipe[0]);
	close(w->pipe[1]);
	free(w);
}

void
worker_leave(struct worker *w)
{
	if (atomic_fetch_sub(&w->users, 1) > 1)
		return;
	w->free(w->context);
	release(w);
}

static void *
run(void *worker)
{
	struct worker *w = worker;

	w->run(w->context);
	/* The pipe is empty, so this cannot fail for want of room. */
	while (write(w->pipe[1], "", 1) == -1 && errno == EINTR)
		;
	worker_leave(w);
	return NULL;
}

/* Signals are for the thread that polls. */
static int
start_thread(struct worker *w)
{
	sigset_t all, before;
	pthread_t thread;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, NULL, run, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error == 0)
		pthread_detach(thread);
	return error;
}

struct worker *
worker_start(worker_run *work, worker_free *free_context, void *context)
{
	struct worker *w = calloc(1, sizeof(*w));
	int error;

	if (w == NULL)
		return NULL;
	w->run = work;
	w->free = free_context;
	w->context = context;
	atomic_init(&w->users, 2);
	if (pipe2(w->pipe, O_CLOEXEC) == -1) {
		free(w);
		return NULL;
	}
	error = start_thread(w);
	if (error != 0) {
		release(w);
		errno = error;
		return NULL;
	}
	return w;
}

int
worker_fd(const struct worker *w)
{
	return w->pipe[0];
}

void
worker_wait(struct worker *w)
{
	char byte;

	while (read(w->pipe[0], &byte, 1) == -1 && errno == EINTR)
		;
}
