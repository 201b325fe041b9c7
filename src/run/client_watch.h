/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A client whose socket its command has: nobody here reads from it, and yet
 * the command is to end when the client has left.
 */
#ifndef SOCKCAT_RUN_CLIENT_WATCH_H
#define SOCKCAT_RUN_CLIENT_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct poll_set;
struct stream;

struct client_watch {
	struct stream *client; /* NULL: it is not watched */
	int slot;              /* of the turn's poll set */
	bool is_on;
	bool is_half_closed; /* it has sent everything, or has left */
	size_t unread;       /* that it left to be read */
	int64_t begin_at;    /* most commands are over before */
	int64_t lost_at;     /* when to ask whether its system answers */
	int64_t end_at;      /* when a command that does not read is to end */
};

/* What a step found; both may be. */
enum client_watch_verdict {
	CLIENT_STAYS = 0,
	CLIENT_LEFT = 1, /* the command is to end */
	CLIENT_LOST = 2, /* its system answers no more */
};

/* The stream must outlive the watch, or client_watch_stop(). */
void client_watch_begin(struct client_watch *, struct stream *, int64_t now);
void client_watch_stop(struct client_watch *);

/* The parts of the owner's task. */
void client_watch_want(struct client_watch *, struct poll_set *);
int64_t client_watch_deadline(const struct client_watch *);
enum client_watch_verdict client_watch_step(
    struct client_watch *, const struct poll_set *, int64_t now);

#endif
