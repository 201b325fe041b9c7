/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What all sessions of a run share.
 */
#ifndef SOCKCAT_RUN_RUN_H
#define SOCKCAT_RUN_RUN_H

#include <stdbool.h>

struct children;
struct hub;
struct loop;
struct plan;
struct stream;

struct run {
	struct loop *loop;
	const struct plan *plan;
	bool is_for_many;          /* sessions at once: a server with -k */
	struct stream *local;      /* standard input and output */
	struct hub *hub;           /* or NULL */
	struct children *children; /* or NULL: there are no commands */
};

#endif
