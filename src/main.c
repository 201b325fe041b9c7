/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * sockcat: from argv to a plan, from the plan to an exit status.
 */
#include <errno.h>
#include <string.h>

#include "cli/command_line.h"
#include "cli/plan.h"
#include "observe/event.h"
#include "observe/log.h"
#include "run/execute.h"
#include "stream/stdio.h"

int
main(int argc, char **argv)
{
	static struct plan plan; /* threads may look at it until the end */
	int status;

	event_set_format(EVENT_AS_TEXT);
	if (stdio_fill() == -1) {
		log_error("/dev/null: %s", strerror(errno));
		return 1;
	}
	if (command_line_parse(&plan, argc, argv, &status)) {
		log_set_verbosity(plan.verbosity);
		event_set_format(plan.log_format);
		status = execute_plan(&plan);
	}
	plan_clear(&plan);
	log_end();
	return status;
}
