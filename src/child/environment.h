/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The environment of a command: our own, and what is known of its client.
 */
#ifndef SOCKCAT_CHILD_ENVIRONMENT_H
#define SOCKCAT_CHILD_ENVIRONMENT_H

#include <stdbool.h>

#include "net/address.h"
#include "net/address_text.h"

struct stream;

/* The client's variables, each by two names, and TERM. */
enum { ENVIRONMENT_ADDED = 11, ENVIRONMENT_TEXT = ADDRESS_TEXT + 32 };

struct environment {
	char **variables; /* as environ(7) */
	char added[ENVIRONMENT_ADDED][ENVIRONMENT_TEXT];
};

/*
 * Takes out of our own environment, environ(7), what is for us alone
 * (sd_notify(3), sd_listen_fds(3)), and the variables of another client,
 * whose command we may be.
 */
void environment_prepare(void);

/*
 * Our prepared environment with variables for the client's addresses and
 * its transport, as far as they are known, and TERM=dumb for a terminal
 * without a name.  Refers to itself and to environ(7): it must not be moved,
 * nor ours be changed.  Returns 0, or -1 with errno.
 */
int environment_init(
    struct environment *, struct stream *client, bool has_terminal);
void environment_clear(struct environment *);

#endif
