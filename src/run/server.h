/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A server: what it has, and how it ends.  run/serve sets it up.
 */
#ifndef SOCKCAT_RUN_SERVER_H
#define SOCKCAT_RUN_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "run/clients.h"
#include "run/run.h"

struct acl;
struct listener;
struct outcome;
struct supervisor;

struct server {
	struct task task;
	struct run run;
	struct clients clients;
	struct supervisor *supervisor;
	struct listener *listener;
	struct acl *acl; /* or NULL: everybody may come in */
	struct outcome *outcome;
	bool is_ending;  /* nobody comes in any more */
	int stopped_by;  /* the signal; 0: none */
	int64_t stop_at; /* clients still served then are cut off */
};

/*
 * A task, which is added to the loop: it fails when no client has come for the
 * time of -w, and ends after a signal when no client is served.
 */
void server_add(struct server *, struct loop *);

/* Ends at once: as a failure, or by the signal that stops it, if any. */
void server_fail(struct server *);
void server_leave(struct server *);

/* Sessions may finish, but no new ones begin. */
void server_end(struct server *);

/*
 * A signal_handler: the first signal lets sessions finish, the second ends
 * them.
 */
void server_stop(void *server, int number);

#endif
