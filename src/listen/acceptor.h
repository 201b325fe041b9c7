/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * accept(2), and what its failures mean: the client may be gone, or there may
 * be no room for it now, and then it waits in the queue of the system.
 */
#ifndef SOCKCAT_LISTEN_ACCEPTOR_H
#define SOCKCAT_LISTEN_ACCEPTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/backoff.h"

struct address;

/* All zero: nothing has failed. */
struct acceptor {
	struct backoff pause;
	int gone; /* clients in a row that had left already */
};

/*
 * Accepts a client, non-blocking and closed on exec, and stores who came.
 * Returns the socket, or -1 if there is no client now.  A failure is reported
 * once in a run of them, and begins a pause.
 */
int acceptor_take(struct acceptor *, int fd, struct address *peer, int64_t now);

/* Whether a listener has a client: cheaper than an accept(2) that fails. */
bool acceptor_has_client(int fd);

/* In a pause no listener is to be polled: poll(2) would tell at once. */
bool acceptor_is_pausing(const struct acceptor *);

/* The pause's end, or LOOP_NEVER. */
int64_t acceptor_deadline(const struct acceptor *);

#endif
