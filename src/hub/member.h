/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A member in a hub: the stream that a client's relay sees.  For hub/hub.c
 * alone, which decides where what comes from a member goes, and whose turn it
 * is.
 */
#ifndef SOCKCAT_HUB_MEMBER_H
#define SOCKCAT_HUB_MEMBER_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/backoff.h"
#include "base/buffer.h"
#include "base/loop.h"
#include "hub/hub.h"
#include "hub/outqueue.h"
#include "stream/stream.h"

TAILQ_HEAD(member_list, member);

struct member {
	struct stream stream;
	struct hub *hub;
	struct stream *client; /* the other end of its relay */
	unsigned long number;  /* 0: of standard input */
	TAILQ_ENTRY(member) others, waiting, clocked, ended;
	struct buffer line;    /* received, not yet complete */
	struct outqueue queue; /* to be sent */
	int64_t delivered;     /* when it last went on */
	int64_t slow_at;       /* when it has not gone on for too long */
	int64_t look_at;       /* when to look whether it has gone on */
	int64_t let_go_at;
	bool has_spoken; /* its client has sent something */
	bool is_ended;   /* and has sent everything */
	bool is_let_go;
	bool is_end_read; /* its relay has found the end */
	bool is_given_up; /* its client takes no more */
	bool is_cut;      /* it has missed the end of the input */
	bool is_dropped;

	/* In which lists of the hub it is, and counted as what. */
	bool is_live, is_full, is_clocked, is_spare, is_waiting;
};

struct hub {
	struct task task;
	struct hub_options options;
	struct member_list members;
	struct member server; /* of standard input, and not among them */
	size_t users;         /* the loop, and each member */
	size_t live;          /* members that still take something */
	size_t full;          /* and of them, those that hold senders back */
	size_t leaving;       /* let go, and not yet freed */
	struct member_list waiting;   /* held senders, in order */
	struct member_list clocked;   /* by look_at */
	struct member_list speakers;  /* that have ended, by let_go_at */
	struct member_list listeners; /* that have ended and never spoke */
	struct member *woken;         /* of those that wait, whose turn it is */
	unsigned turns;               /* of the loop since then */
	unsigned long joined;
	size_t line_max; /* bytes of a line that is kept together */
	struct buffer input;
	struct outqueue output;
	struct backoff input_backoff, output_backoff;
	int in_slot, out_slot;
	bool is_input_over;
	bool is_finished; /* no input will come any more */
	bool is_cut;      /* though more would have come */
	bool is_draining;
	bool is_blocked, is_failed;
};

/* The parts of it that the member of standard input has, too. */
void member_init(struct member *, struct hub *, const char *name);

/* Returns NULL with errno. */
struct member *member_new(struct hub *, struct stream *client);

/* Counts the member anew, after whatever happened to it or to the hub. */
void member_update(struct member *);

/*
 * Queues bytes for the client, or a message; bytes are cut where only
 * messages can be sent.
 */
void member_push(
    struct member *, const uint8_t *bytes, size_t length, bool is_message);

/* While it has to show that it goes on: hub/slow.c. */
void member_set_clocked(struct member *, bool is_clocked);

/* Looks at one that is clocked: its client goes on, or goes. */
void member_check_slow(struct member *, int64_t now);

/* Ends it once what is queued has been read. */
void member_let_go(struct member *);

/* Whether all that it was to be sent has arrived. */
bool member_is_drained(const struct member *);

/* Takes a client's member away, and says why. */
void member_drop(struct member *, const char *why);

/* Of the hub: whether a sender has to wait, and that it does or has not. */
bool hub_holds(const struct member *);
void hub_wait(struct member *);
void hub_stop_waiting(struct member *);
void hub_wake(struct hub *);

/* Whether anything may come for a member that only listens. */
bool hub_has_source(const struct hub *);

/* What a client sent, whole; and that its member is freed. */
void hub_deliver(struct member *, const uint8_t *bytes, size_t length);
void hub_leave(struct member *);

#endif
