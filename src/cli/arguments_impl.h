/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The forms that arguments have, for the files that share them: arguments.c
 * takes them to connect, arguments_listen.c to listen.  All functions return
 * 0, or -1 after they reported what is wrong.
 */
#ifndef SOCKCAT_CLI_ARGUMENTS_IMPL_H
#define SOCKCAT_CLI_ARGUMENTS_IMPL_H

struct options;
struct plan;

/* Checks that there are no more than max, and only one if it is a TARGET. */
int arguments_check_count(
    const struct plan *, char **arguments, int count, int max);

/* A TARGET: host and port in one; the host is optional for a listener. */
int arguments_split(
    struct plan *, const char *text, const char **host, const char **port);

/* "[::1]" as a host alone. */
int arguments_unbracket(struct plan *, const char **host);

/* The path of -U or "unix:". */
int arguments_take_path(const struct plan *, const struct options *,
    char **arguments, int count, const char **path);

/* A single argument is the port, unless it is a TARGET or -p is given. */
int arguments_take_port(
    const struct options *, const char *text, const char **port);

/* arguments_listen.c: fills the plan's listen options. */
int arguments_take_listen(
    struct plan *, const struct options *, char **arguments, int count);

#endif
