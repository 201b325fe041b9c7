/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * sockcat: from argv to a plan, from the plan to an exit status.
 */
#include <errno.h>
#include <string.h>

#include "cli/plan.h"
#include "observe/log.h"
#include "run/run.h"
#include "stream/stdio.h"

int
main(int argc, char **argv)
{
	static struct plan plan; /* threads may look at it until the end */
	int status;

	if (stdio_fill() == -1) {
		log_error("/dev/null: %s", strerror(errno));
		return 1;
	}
	status = plan_parse(&plan, argc, argv);
	if (status == -1) {
		log_set_level(plan.verbosity < LOG_CALLS
			? (enum log_level)plan.verbosity
			: LOG_CALLS);
		status = run_plan(&plan);
	}
	plan_clear(&plan);
	log_end();
	return status;
}
