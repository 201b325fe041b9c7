/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The environment of a command: ours, and who its client is.
 */
#ifndef SOCKCAT_CHILD_ENVIRONMENT_H
#define SOCKCAT_CHILD_ENVIRONMENT_H

#include <stdbool.h>

#include "net/address.h"

struct child_peer;

/* The client's variables, each by two names, and TERM. */
enum { ENVIRONMENT_ADDED = 11, ENVIRONMENT_TEXT = ADDRESS_TEXT + 32 };

struct environment {
	char **variables; /* as environ(7) */
	char added[ENVIRONMENT_ADDED][ENVIRONMENT_TEXT];
};

/*
 * Takes out of our own environment, environ(7), what only we were told
 * (sd_notify(3), sd_listen_fds(3)), and the variables of another client,
 * whose command we may be.
 */
void environment_prepare(void);

/*
 * Ours, once it is prepared, and the client's variables; what is not known
 * about it is left out.  On a terminal that nobody has named, TERM is "dumb".
 * The environment must stay where it is, and ours the same.  Returns 0, or -1
 * with errno.
 */
int environment_init(
    struct environment *, const struct child_peer *, bool has_terminal);
void environment_clear(struct environment *);

#endif
