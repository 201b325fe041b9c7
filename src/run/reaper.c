/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "run/reaper.h"

#include <signal.h>

#include "base/loop.h"
#include "child/child.h"
#include "cli/plan.h"
#include "run/run.h"
#include "run/signals.h"

static void
reap_children(void *context, int number)
{
	(void)number;
	children_reap(context);
}

int
reaper_start(struct run *run, rlim_t limit)
{
	if (run->plan->command == NULL)
		return 0;
	run->children = children_new(signals_handled());
	if (run->children == NULL)
		return -1;
	children_set_file_limit(run->children, limit);
	loop_add(run->loop, children_task(run->children));
	signals_handle(SIGCHLD, reap_children, run->children);
	return 0;
}
