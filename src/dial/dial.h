/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Dialling: a task that goes the way to a target, stage by stage, and ends
 * with a stream, or with why there is none.  It says nothing by itself.
 */
#ifndef SOCKCAT_DIAL_DIAL_H
#define SOCKCAT_DIAL_DIAL_H

#include "dial/path.h"

struct stream;
struct target;
struct task;

struct dial_result {
	struct stream *stream; /* the callee's; NULL: the dial failed */

	/*
	 * One failure for each address that was tried, or the one of an
	 * earlier or later stage; and stage and errno (0: none) of the last.
	 */
	const struct dial_failures *failures;
	enum dial_stage stage;
	int error;
};

/* Called once, from the task's step.  The result lasts as long as the call. */
typedef void dial_done(void *context, const struct dial_result *);

/*
 * A task that dials.  Failures are told at once, too, unless failed is NULL.
 * The target's strings must outlive the task.  Returns NULL with errno.
 */
struct task *dial_new(
    const struct target *, dial_failed *, dial_done *, void *context);

#endif
