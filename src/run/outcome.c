/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * One failed session makes a failed run.
 */
#include "run/outcome.h"

#include <signal.h>

#include "relay/relay.h"

void
outcome_add(struct outcome *outcome, const struct relay_result *result)
{
	if (!result->is_whole)
		outcome->is_failure = true;
	if (result->is_reader_gone)
		outcome->signal = SIGPIPE;
}
