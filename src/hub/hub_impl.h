/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a hub is made of, for the files that share it.  From the bottom up:
 * turns.c says who may send, progress.c who is too slow, member.c keeps
 * account of a member, route.c knows where something goes, memberio.c is the
 * stream of a member, hubio.c has standard input and output, hub.c drives all.
 */
#ifndef SOCKCAT_HUB_HUB_IMPL_H
#define SOCKCAT_HUB_HUB_IMPL_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/backoff.h"
#include "base/buffer.h"
#include "base/loop.h"
#include "codec/lines.h"
#include "hub/hub.h"
#include "hub/outqueue.h"
#include "stream/stream.h"

TAILQ_HEAD(member_list, member);

struct member {
	struct stream stream;
	struct hub *hub;
	struct stream *client; /* the other end of its relay */
	unsigned long number;  /* from 1 on; 0: of standard input */
	TAILQ_ENTRY(member) others, waiting, timed, ended;
	struct lines lines;    /* that are received */
	struct outqueue queue; /* to be sent */
	int64_t acknowledged;  /* bytes, when it last made progress */
	int64_t slow_at;       /* when it has made none for too long */
	int64_t look_at;       /* when to see whether it has made some */
	int64_t close_at;      /* of one that has sent something and ended */
	bool has_sent;         /* its client has sent something */
	bool is_ended;         /* its client has sent everything */
	bool is_closing;       /* it ends once what is queued has been read */
	bool is_end_read;      /* its relay has read the end */
	bool is_given_up;      /* its client takes no more */
	bool is_cut;           /* input failed while it was there */
	bool is_dropped;

	/* In which lists of the hub it is, and counted as what. */
	bool is_live, is_full, is_timed, is_spare, is_waiting;
};

/* Senders that wait, and which of them may send next. */
struct turns {
	struct member_list waiting; /* in order */
	struct member *current;     /* one of them; or NULL */
	unsigned loops;             /* turns of the loop since it is */
};

struct hub_input {
	struct member member; /* sends what is read; is not among the others */
	struct buffer buffer; /* read, and not yet sent */
	struct backoff backoff;
	int slot;
	bool is_over;
	bool is_failed; /* that is why */
};

struct hub_output {
	struct outqueue queue;
	struct backoff backoff;
	int slot;
	bool is_blocked;
	bool is_failed; /* the hub does nothing any more */
};

struct hub {
	struct task task;
	struct hub_options options;
	struct hub_input input;
	struct hub_output output;
	struct turns turns;
	size_t users; /* of this memory: the loop, and each member */
	struct member_list members;
	size_t live;    /* members that still take something */
	size_t full;    /* and of them, those for which senders wait */
	size_t closing; /* and not yet freed */
	struct member_list timed;           /* by look_at */
	struct member_list ended_speakers;  /* by close_at */
	struct member_list ended_listeners; /* that never sent a byte */
	unsigned long joined;
	bool is_finished; /* there will be no more input */
	bool is_cut;      /* though it had not ended */
	bool is_draining;
};

/* One user of the hub's memory less. */
static inline void
hub_release(struct hub *hub)
{
	if (--hub->users > 0)
		return;
	lines_clear(&hub->input.member.lines);
	buffer_clear(&hub->input.buffer);
	outqueue_clear(&hub->output.queue);
	free(hub);
}

/*
 * turns.c
 */

/* Whether a sender has to wait, for space or for others that wait longer. */
bool turns_must_wait(const struct member *);

/* It waits.  Its stream can be written to again when it has a turn. */
void turns_wait(struct member *);

/* It waits no more: it has written, or has nothing to write. */
void turns_leave(struct member *);

/* To be called when there may be space again. */
void turns_give(struct hub *);

/* In each turn of the loop: a member that does not use its turn loses it. */
void turns_step(struct hub *);

/*
 * progress.c
 */

/* Begins or ends the time in which a member has to make progress. */
void progress_set_timed(struct member *, bool is_timed);

/* Looks at a member whose look_at has come.  Returns false if it is slow. */
bool progress_check(struct member *, int64_t now);

/* Whether all that was sent to a member has arrived at its system. */
bool progress_is_complete(const struct member *);

/*
 * member.c
 */

/* Whether nothing more will be queued for it. */
bool member_is_over(const struct member *);

/* To be called after something happened to a member or to the hub. */
void member_update(struct member *);

/*
 * Queues bytes for the client, or a message; bytes are cut where only
 * messages can be sent.
 */
void member_push(
    struct member *, const uint8_t *bytes, size_t length, bool is_message);

/* Ends it once what is queued has been read. */
void member_close(struct member *);

/* Ends it at once, and says why. */
void member_drop(struct member *, const char *why);

/* Adds a member, and removes it, which may free the hub. */
void member_join(struct member *);
void member_leave(struct member *);

/*
 * route.c
 */

/* Passes on what a member has sent: to the output, or to all the others. */
void route_send(struct member *, const uint8_t *bytes, size_t length);

/* In a chat: tells the others what became of a member. */
void route_announce(struct member *, const char *event, const char *where);

/* Whether anything may still come for a member that only listens. */
bool route_has_source(const struct hub *);

/*
 * memberio.c
 */

/* Returns a stream for a client to join the hub with, or NULL with errno. */
struct member *memberio_new(struct hub *, struct stream *client);

/* The member that sends standard input. */
void memberio_init_input(struct hub *);

/*
 * hubio.c: parts of the hub's task.
 */
void hubio_want(struct hub *, struct poll_set *);
int64_t hubio_deadline(const struct hub *);
void hubio_step(struct hub *, const struct poll_set *, int64_t now);

#endif
