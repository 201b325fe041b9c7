/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The addresses of a host, for a task that must not wait.  Addresses are
 * answered at once; for names a thread calls getaddrinfo(3), which may take
 * minutes.
 */
#ifndef SOCKCAT_NET_LOOKUP_H
#define SOCKCAT_NET_LOOKUP_H

#include <stdbool.h>

#include "net/address.h"
#include "net/address_list.h"

struct poll_set;
struct question;
struct resolve_query;
struct transport;

/* All zero: nothing is being looked up. */
struct lookup {
	struct question *question; /* the thread's, until it is done */
	struct address_list found; /* the answer, until it is taken */
	int code, error;
	bool is_answered;
};

/*
 * Starts to look up a query for a transport, which sets the query's type; its
 * strings are copied.  Returns whether the answer is available at once.
 */
bool lookup_start(
    struct lookup *, const struct transport *, const struct resolve_query *);

/* Waits for the answer, if there is a thread that looks for it. */
void lookup_want(const struct lookup *, struct poll_set *);

/* Whether there is an answer to take. */
bool lookup_has_answer(const struct lookup *);

/*
 * Takes the answer, which must be there.  The list is the caller's to clear.
 * Returns 0 or an EAI code; for EAI_SYSTEM, errno says more.
 */
int lookup_take(struct lookup *, struct address_list *);

/* Forgets the query, and an answer that was not taken. */
void lookup_clear(struct lookup *);

#endif
