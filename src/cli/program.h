/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* Programs, looked up before a client needs them. */
#ifndef SOCKCAT_CLI_PROGRAM_H
#define SOCKCAT_CLI_PROGRAM_H

/*
 * Whether execvp(3) would find a program of that name: as a path if it has a
 * slash, else along PATH.  Returns NULL, or why it would not.
 */
const char *program_check(const char *name);

#endif
