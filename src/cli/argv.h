/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A command line as words: blanks separate them, quotes group them, and nothing
 * is expanded.
 */
#ifndef SOCKCAT_CLI_ARGV_H
#define SOCKCAT_CLI_ARGV_H

/*
 * Splits as sh(1) does: nothing is special between single quotes, only a
 * backslash before another or before a quote between double ones, and
 * elsewhere a backslash makes any byte an ordinary one.  Returns the words
 * with NULL behind the last, for argv_free(), or NULL with the reason.
 */
char **argv_split(const char *text, const char **bad);

/* The words to run a command by the shell; NULL with errno. */
char **argv_for_shell(const char *command);

void argv_free(char **words);

#endif
