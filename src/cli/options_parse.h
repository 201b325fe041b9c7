/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Options, read from the command line by getopt_long(3).
 */
#ifndef SOCKCAT_CLI_OPTIONS_PARSE_H
#define SOCKCAT_CLI_OPTIONS_PARSE_H

struct options;

/*
 * Reads the options of argv, before and after other arguments, which it
 * moves to the end.  Returns the index of the first of those, or -1 after
 * it reported what is wrong.
 */
int options_parse(struct options *, int argc, char **argv);

/* The usage, on standard output. */
void options_help(void);

#endif
