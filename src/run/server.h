/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A server: run/serve makes and stops it, run/clients is about its clients.
 */
#ifndef SOCKCAT_RUN_SERVER_H
#define SOCKCAT_RUN_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/loop.h"
#include "run/run.h"

struct acl;
struct listener;
struct outcome;
struct queue;
struct stream;
struct supervisor;

/* A task, for timeouts and for stopping. */
struct server {
	struct task task;
	struct run run;
	struct supervisor *supervisor;
	struct listener *listener;
	struct queue *queue; /* with -k, of connections */
	struct acl *acl;     /* or NULL: everybody may come in */
	size_t served;       /* connections */
	size_t turned_away;  /* being sent the busy message */
	size_t peers;        /* of datagram sockets */
	size_t max_sessions; /* for connections, in all, by their descriptors */
	int64_t idle_since;  /* nobody is served; LOOP_NEVER: not listening */
	bool is_full_said;
	bool is_serving_next;
	bool is_ending;  /* no client is accepted any more */
	int stopping;    /* the signal; 0: it is not */
	int64_t stop_at; /* clients still served then are cut off */
	struct outcome *outcome;
};

/* Ends the run as failed. */
void server_fail(struct server *);

#endif
