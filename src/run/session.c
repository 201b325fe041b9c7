/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What the ends turned out to be decides what the plan left open.
 */
#include "run/session.h"

#include <errno.h>
#include <string.h>

#include "base/loop.h"
#include "cli/plan.h"
#include "net/stream.h"
#include "observe/log.h"

/* How long a UDP client waits for answers when its input has ended. */
enum { ANSWER_MS = 1000 };

/* UDP has no end of file, so the end of a script's input has to do. */
static void
set_default_hold(struct relay_options *options, const struct plan *plan,
    const struct stream *local, const struct stream *remote)
{
	bool is_script =
	    remote->is_connectionless && !plan->listen && !local->is_terminal;

	options->hold = is_script ? ANSWER_MS : -1;
	options->holds_for_answers = true;
}

int
session_start(struct loop *loop, const struct plan *plan, struct stream *local,
    struct stream *remote, relay_done *done, void *context)
{
	struct relay_options options = plan->relay;
	struct task *relay;

	if (options.hold == PLAN_HOLD_DEFAULT)
		set_default_hold(&options, plan, local, remote);
	relay = relay_new(local, remote, &options, done, context);
	if (relay == NULL) {
		log_error("relay: %s", strerror(errno));
		return -1;
	}
	loop_add(loop, relay);
	return 0;
}
