/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The frame around each mode: however it ends, tasks are freed and paths
 * removed before the process exits or dies by a signal.
 */
#include "run/execute.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "cli/plan.h"
#include "listen/acl.h"
#include "observe/event.h"
#include "observe/log.h"
#include "run/connect.h"
#include "run/deadline.h"
#include "run/outcome.h"
#include "run/serve.h"
#include "run/signals.h"
#include "run/supervisor.h"
#include "stream/stdio.h"
#include "stream/stream.h"

struct frame {
	struct loop *loop;
	struct outcome *outcome;
};

/* Access lists: names are looked up before anything else begins. */
static bool
add_acl(struct loop *loop, const struct acl_sources *from, struct acl **acl)
{
	*acl = acl_new(from);
	if (*acl != NULL)
		loop_add(loop, acl_task(*acl));
	return *acl != NULL;
}

static void
say_shortage(int error)
{
	event_say(EVENT_RETRYING, .what = "poll", .error = error);
}

static void
interrupt(void *context, int number)
{
	struct frame *f = context;

	f->outcome->signal = number;
	loop_interrupt(f->loop, number);
}

/*
 * A write that fails returns EPIPE or EFBIG. SIGUSR1 is reserved for reporting
 * counters, and must not kill.  Returns whether SIGPIPE would have ended the
 * program.
 */
static bool
ignore_signals(void)
{
	signals_ignore(SIGXFSZ);
	signals_ignore(SIGUSR1);
	return signals_ignore(SIGPIPE);
}

/* After each of these signals, paths are removed and commands ended. */
static void
watch_deadly_signals(struct frame *frame)
{
	static const int deadly[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM,
		SIGABRT, SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU };

	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		signals_handle(deadly[i], interrupt, frame);
}

static int
run_with(const struct plan *plan, struct supervisor *supervisor)
{
	struct outcome outcome = { 0 };
	struct loop *loop = loop_new();
	struct stream *local = NULL;
	struct acl *acl = NULL;
	struct frame frame = { .loop = loop, .outcome = &outcome };
	bool dies_of_pipe = ignore_signals();

	if (loop != NULL)
		local = stdio_new(&plan->stdio);
	if (local == NULL || signals_add(loop) == -1 ||
	    deadline_start(loop, plan->deadline, &outcome) == -1) {
		event_failed("start", errno);
		goto failed;
	}
	loop_set_report(loop, say_shortage);
	/* This may take a while, and a signal still kills the process. */
	if (plan->has_acl && !add_acl(loop, &plan->acl, &acl))
		goto failed;
	watch_deadly_signals(&frame);
	if (plan->listen)
		serve_run(loop, plan, supervisor, acl, local, &outcome);
	else
		connect_run(loop, plan, local, &outcome);
	loop_free(loop);
	stream_free(local);
	if (outcome.signal == SIGPIPE && !dies_of_pipe) {
		event_failed("standard output", EPIPE);
		return 1;
	}
	log_end();
	if (outcome.signal != 0)
		return signals_die(outcome.signal);
	return outcome.is_failure ? 1 : outcome.status;
failed:
	loop_free(loop);
	stream_free(local);
	return 1;
}

int
execute_plan(const struct plan *plan)
{
	struct supervisor supervisor;
	int status;

	/* Before anything is opened that could take a socket's place. */
	if (supervisor_init(&supervisor, plan, &status))
		status = run_with(plan, &supervisor);
	supervisor_clear(&supervisor);
	return status;
}
