/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * From a command line to a plan.
 */
#ifndef SOCKCAT_CLI_COMMAND_LINE_H
#define SOCKCAT_CLI_COMMAND_LINE_H

#include <stdbool.h>

struct plan;

/*
 * Fills a plan from the command line.  Returns false where there is nothing
 * to run, with the status to exit with: --help and --version have been
 * printed, an error has been reported.  The plan points into argv.
 */
bool command_line_parse(struct plan *, int argc, char **argv, int *status);

#endif
