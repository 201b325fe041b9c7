/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* From options that were checked to a plan. */
#ifndef SOCKCAT_CLI_PLAN_FILL_H
#define SOCKCAT_CLI_PLAN_FILL_H

struct options;
struct plan;
struct transport;

/*
 * Fills all but the command, and the hosts, ports and paths that are arguments.
 * The plan then points into what the options point to.
 */
void plan_fill(struct plan *, const struct options *, const struct transport *);

#endif
