/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The table of options, from which the parser and --help are made.  A test
 * compares it with the manual page.
 */
#ifndef SOCKCAT_CLI_ROWS_H
#define SOCKCAT_CLI_ROWS_H

#include <stdbool.h>

#include "cli/row.h"

extern const struct row option_rows[];
extern const int option_count;

/* Whether two rows are spellings of the same option. */
bool row_is_alias(const struct row *, const struct row *);

#endif
