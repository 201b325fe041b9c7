/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A stage of the path to a stream: the host is looked up, a connection is
 * made.  A handshake with a proxy, or with TLS, is one more.
 *
 * Stages run one after the other, each like a task of the loop, and share
 * one deadline.
 */
#ifndef SOCKCAT_DIAL_STAGE_H
#define SOCKCAT_DIAL_STAGE_H

#include <stddef.h>
#include <stdint.h>

#include "dial/path.h"

struct poll_set;

enum stage_code {
	STAGE_WAITS,  /* for what it wants */
	STAGE_DONE,   /* what it had to find is in the path */
	STAGE_FAILED, /* and the path knows why: dial_path_fail() */
};

/* The first member of each stage's own struct, which is all zero before. */
struct stage {
	const struct stage_ops *ops;
	struct dial_path *path;
};

struct stage_ops {
	enum dial_stage name;
	size_t size; /* of its struct */

	/*
	 * Goes as far as it can without waiting.  Where the target does not
	 * need the stage, it is done.
	 */
	enum stage_code (*start)(struct stage *, int64_t now);

	/* As in struct task_ops.  No deadline of its own: NULL. */
	void (*want)(struct stage *, struct poll_set *);
	int64_t (*deadline)(const struct stage *);
	enum stage_code (*step)(
	    struct stage *, const struct poll_set *, int64_t now);

	/* The dial's time is over, and it fails.  NULL: with ETIMEDOUT. */
	void (*expire)(struct stage *);

	/* Frees what it has, but not the struct. */
	void (*clear)(struct stage *);
};

#endif
