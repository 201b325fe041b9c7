/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The end of the work is the end of the pipe: poll(2) can wait for it, and
 * close(2), unlike write(2), cannot fail.
 */
#include "base/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct worker {
	worker_run *run;
	worker_free *free;
	void *context;
	int pipe[2]; /* the thread's is the second */
	atomic_bool is_done;
	atomic_int users;
};

void
worker_leave(struct worker *w)
{
	if (atomic_fetch_sub(&w->users, 1) > 1)
		return;
	w->free(w->context);
	close(w->pipe[0]);
	free(w);
}

static void *
run(void *worker)
{
	struct worker *w = worker;

	w->run(w->context);
	atomic_store(&w->is_done, true);
	close(w->pipe[1]);
	worker_leave(w);
	return NULL;
}

/* Signals are handled by the thread that polls. */
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
	atomic_init(&w->is_done, false);
	atomic_init(&w->users, 2);
	if (pipe2(w->pipe, O_CLOEXEC) == -1) {
		free(w);
		return NULL;
	}
	error = start_thread(w);
	if (error != 0) {
		close(w->pipe[0]);
		close(w->pipe[1]);
		free(w);
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

bool
worker_is_done(const struct worker *w)
{
	return atomic_load(&w->is_done);
}

void
worker_wait(struct worker *w)
{
	char byte;

	/*
	 * Nothing is ever written to it: only its end, or an error, makes it
	 * readable.
	 */
	while (!worker_is_done(w))
		if (read(w->pipe[0], &byte, 1) == -1)
			sched_yield();
}
