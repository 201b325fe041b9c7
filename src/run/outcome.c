/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * One failed session makes a failed run; a command speaks for itself.
 */
#include "run/outcome.h"

#include <sys/wait.h>

#include <signal.h>

#include "run/session.h"

void
outcome_add(struct outcome *outcome, const struct session_result *result)
{
	if (result->is_command) {
		outcome->status = WIFSIGNALED(result->status)
		    ? 128 + WTERMSIG(result->status)
		    : WEXITSTATUS(result->status);
		return;
	}
	if (!result->relay.is_whole)
		outcome->is_failure = true;
	if (result->relay.is_reader_gone)
		outcome->signal = SIGPIPE;
}
