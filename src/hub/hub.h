/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A hub joins many: a star, where every client is joined to standard input
 * and output, or a mesh, where each is joined to all the others and to standard
 * input.  A member of it is a stream like any other; a relay joins it to its
 * client.
 */
#ifndef SOCKCAT_HUB_HUB_H
#define SOCKCAT_HUB_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hub;
struct stream;
struct task;

enum hub_kind {
	HUB_STAR,   /* complete lines to the output, the input to all members */
	HUB_BROKER, /* what one sends goes to all the others */
	HUB_CHAT,   /* the same in lines that name their speakers */
};

/*
 * The output of a star takes no more: EPIPE where its reader has left.  The hub
 * is of no use after that.
 */
typedef void hub_failed(void *context, const char *what, int error);

/* Standard input has ended, or has failed, which has been reported. */
typedef void hub_input_ended(void *context);

/* Something of the standard streams was lost, which has been reported. */
typedef void hub_lost(void *context);

struct hub_options {
	enum hub_kind kind;
	struct stream *stdio; /* must outlive the hub; a mesh only reads */
	int64_t slow_timeout; /* ms for a member to make progress; < 0: any */
	size_t datagram_size; /* most of input in one; 0: as the path has it */
	bool keeps_ended;     /* members that sent something and ended stay */
	hub_failed *failed;
	hub_input_ended *input_ended;
	hub_lost *lost;
	void *context;
};

/*
 * A task, which its owner adds to the loop.  Members may outlive it.  Returns
 * NULL with errno.
 */
struct hub *hub_new(const struct hub_options *);
struct task *hub_task(struct hub *);

/*
 * A new member for a client, whose own stream must live until no more is read
 * from or written to the member.  It ends, once all that was sent to it has
 * been read, when the hub closes it, or with the hub.  Returns NULL with errno.
 */
struct stream *hub_join(struct hub *, struct stream *client);

/* There will be no more input: members end when they have been read. */
void hub_finish(struct hub *);

/*
 * The same because the server stops: members of a star whose input has not
 * ended are reset, behind what has been read of it.
 */
void hub_stop(struct hub *);

/* As hub_finish(), and --slow-timeout counts for all until they have it all. */
void hub_drain(struct hub *);

/* Whether all that members are to get has arrived at their systems. */
bool hub_is_drained(const struct hub *);

/* Members that have not left. */
size_t hub_count(const struct hub *);

/* Whether output is still to be written. */
bool hub_has_output(const struct hub *);

/* Members that have ended and have read everything. */
enum hub_spare {
	HUB_NO_SPARE,
	HUB_SPARE_LISTENER, /* it never sent a byte */
	HUB_SPARE_SPEAKER,  /* it has, and will be closed soon anyway */
};

/* The next that hub_close_spare() closes, for a client that waits. */
enum hub_spare hub_spare(const struct hub *);
void hub_close_spare(struct hub *);

/* Members that are being closed and have not left yet. */
size_t hub_closing(const struct hub *);

#endif
