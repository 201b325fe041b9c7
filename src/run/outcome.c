/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * One failed session makes a failed run.  A command has a status of its own,
 * but does not know whether its output has arrived.
 */
#include "run/outcome.h"

#include <sys/wait.h>

#include <signal.h>

#include "run/session.h"

void
outcome_add(struct outcome *outcome, const struct session_result *result)
{
	const struct relay_result *relay = &result->relay;

	if (result->is_command) {
		outcome->status = WIFSIGNALED(result->status)
		    ? 128 + WTERMSIG(result->status)
		    : WEXITSTATUS(result->status);
		/* A command need not read all of its input. */
		if (outcome->status == 0 &&
		    (relay->is_peer_failed || relay->is_source_failed ||
			(!relay->is_complete && !relay->is_reader_gone)))
			outcome->is_failure = true;
		return;
	}
	if (!relay->is_complete)
		outcome->is_failure = true;
	if (relay->is_reader_gone)
		outcome->signal = SIGPIPE;
}
