/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* The arguments that are not options: where to connect to, or to listen. */
#ifndef SOCKCAT_CLI_ARGUMENTS_H
#define SOCKCAT_CLI_ARGUMENTS_H

struct options;
struct plan;

/*
 * The scheme of a TARGET implies options: sets them.  Returns 0, or -1 after it
 * reported a conflict.
 */
int arguments_take_scheme(struct options *, char **arguments, int count);

/*
 * Fills the plan's hosts, ports and paths and checks them.  Returns 0, or
 * -1 after it reported what is wrong.
 */
int arguments_take(
    struct plan *, const struct options *, char **arguments, int count);

#endif
