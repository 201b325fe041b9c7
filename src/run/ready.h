/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Telling a supervisor how far we are: sd_notify(3)'s protocol, and a line
 * on a descriptor as s6 wants it.
 *
 * A supervisor that cannot be told is an error line, never a failure.
 */
#ifndef SOCKCAT_RUN_READY_H
#define SOCKCAT_RUN_READY_H

#include "base/loop.h"
#include "net/address.h"

struct listen_sockets;

/* In the order in which they are sent. */
enum ready_message {
	READY_BOUND,
	READY_RELOADING,
	READY_RELOADED,
	READY_STOPPING,
	READY_MESSAGES
};

struct ready {
	struct task task;
	struct address socket; /* of NOTIFY_SOCKET; no address: none */
	int fd;                /* --ready-fd; -1: none, or told */
	int slot, sender;      /* sender: while the queue is full, or -1 */
	char *due[READY_MESSAGES];
};

/*
 * Whether --ready-fd (-1: none) can be written to.  Returns 0, or -1 after
 * it reported why not.  Call it before anything is opened.
 */
int ready_check(int fd);

/* Reads NOTIFY_SOCKET and unsets it, so that no child uses it. */
void ready_init(struct ready *, int fd);

/* Messages that cannot be sent at once are sent by the loop later. */
void ready_watch(struct ready *, struct loop *);

/* All sockets are bound.  Closes the descriptor, but never 0 to 2. */
void ready_tell(struct ready *, const struct listen_sockets *);

/* Before and after the configuration is read anew. */
void ready_reloading(struct ready *);
void ready_reloaded(struct ready *);

/* The service is stopping. */
void ready_stopping(struct ready *);

#endif
