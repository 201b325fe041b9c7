/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A hub joins many: a star, where every client is joined to standard input
 * and output, or a mesh, where each is joined to all the others.  A client
 * has a place in it, which is a stream like any other; a relay joins the
 * two.
 */
#ifndef SOCKCAT_RELAY_HUB_H
#define SOCKCAT_RELAY_HUB_H

#include <stdbool.h>

struct hub;
struct stream;
struct task;

enum hub_kind {
	HUB_STAR,   /* whole lines to the output, the input to everybody */
	HUB_BROKER, /* what one sends goes to all the others */
	HUB_CHAT,   /* the same in lines that name their speakers */
};

/*
 * The input of a star ended in an error, or its output takes no more: EPIPE
 * where a reader has gone away.  The hub is of no use after that.
 */
typedef void hub_failed(void *context, const char *what, int error);

struct hub_options {
	enum hub_kind kind;
	struct stream *stdio; /* of a star; must outlive the hub */
	hub_failed *failed;
	void *context;
};

/*
 * A task, which its owner adds to the loop.  Places may outlive it.  Returns
 * NULL with errno.
 */
struct hub *hub_new(const struct hub_options *);
struct task *hub_task(struct hub *);

/*
 * A new place, for a client of that name.  It ends, once all that was sent
 * to it has been read, after its own end of file or the hub's.  Returns NULL
 * with errno.
 */
struct stream *hub_join(struct hub *, const char *name, bool keeps_messages);

/* There will be no more input: places end when they have been read. */
void hub_finish(struct hub *);

/* Whether output is still to be written. */
bool hub_has_data(const struct hub *);

#endif
