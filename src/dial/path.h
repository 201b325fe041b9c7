/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The path to a stream: what each stage of a dial finds, and hands on to the
 * next one.
 */
#ifndef SOCKCAT_DIAL_PATH_H
#define SOCKCAT_DIAL_PATH_H

#include "dial/failure.h"
#include "net/address.h"
#include "net/address_list.h"

struct stream;
struct target;

/* Called when an address, or a stage, has failed.  Others may be left. */
typedef void dial_failed(void *context, const struct dial_failure *);

struct dial_path {
	const struct target *target;
	enum dial_stage stage;         /* the one under way */
	struct address_list sources;   /* to connect from, if the user cares */
	struct address_list addresses; /* to connect to */
	struct stream *stream;         /* to it; NULL: not yet */
	struct dial_failures failures; /* in the end, if all have failed */
	struct dial_failure failure;   /* of a stage that fails but once */
	dial_failed *failed;           /* or NULL */
	void *context;
};

void dial_path_init(
    struct dial_path *, const struct target *, dial_failed *, void *context);

/* Frees what was found, the stream too. */
void dial_path_clear(struct dial_path *);

/*
 * The stage under way has failed for good: an errno or 0, and why in words,
 * which last as long as the stage.
 */
void dial_path_fail(struct dial_path *, int error, const char *reason);

/*
 * For a stage that tries several ways.  One of them has failed; and, once all
 * have: a failure that belongs to the result.  It must last as long as the
 * stage.
 */
void dial_path_tell(struct dial_path *, struct dial_failure *);
void dial_path_add(struct dial_path *, struct dial_failure *);

#endif
