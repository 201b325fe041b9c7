/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "cli/plan.h"

#include <stdlib.h>

#include "cli/argv.h"

void
plan_clear(struct plan *plan)
{
	argv_free(plan->command);
	free(plan->copy);
	free(plan->target_copy);
}
