/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Which options were given, and how they were spelled.
 */
#ifndef SOCKCAT_CLI_OPTIONS_GIVEN_H
#define SOCKCAT_CLI_OPTIONS_GIVEN_H

#include <stdbool.h>

struct options;

/* Whether the option of that long name, or letter, was given. */
bool options_given(const struct options *, const char *name);

/* Whether it was given by that name, and not by another that it has. */
bool options_given_as(const struct options *, const char *name);

/* Whether it was given, or something that implies it. */
bool options_has(const struct options *, const char *name);

/*
 * "--listen", "-w" for an option without a long name, or "unix:TARGET" where
 * that implies it.
 */
const char *options_spelling(const struct options *, const char *name);

#endif
