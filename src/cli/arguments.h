/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The arguments that are no options: whom to connect to, or where to listen.
 */
#ifndef SOCKCAT_CLI_ARGUMENTS_H
#define SOCKCAT_CLI_ARGUMENTS_H

struct options;
struct plan;

/*
 * A TARGET with a scheme stands for options: sets them.  Returns 0, or
 * -1 after it reported one that says something else.
 */
int arguments_take_scheme(struct options *, char **arguments, int count);

/*
 * Fills the plan's hosts, ports and paths and checks them.  Returns 0, or
 * -1 after it reported what is wrong.
 */
int arguments_take(
    struct plan *, const struct options *, char **arguments, int count);

#endif
