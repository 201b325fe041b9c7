/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * One attempt to connect to one address.  When to make it, and which of
 * several wins: dial/race.
 */
#ifndef SOCKCAT_DIAL_ATTEMPT_H
#define SOCKCAT_DIAL_ATTEMPT_H

#include "dial/failure.h"
#include "net/unixpath.h"

struct address;
struct address_list;
struct stream;
struct target;

enum attempt_state { ATTEMPT_NEW, ATTEMPT_CONNECTING, ATTEMPT_FAILED };

struct attempt {
	const struct address *address;
	enum attempt_state state;
	int fd; /* -1: none */
	int slot;
	const char *what; /* the call or option that failed; NULL: connect */
	struct dial_failure failure;
	struct unixpath path;
};

/* The address must last as long as the attempt. */
void attempt_init(struct attempt *, const struct address *);

/*
 * Opens a socket and binds it as the target wants; sources are what -s and
 * -p resolved to, if anything.  Returns 0, or -1 with errno and what;
 * errno EAGAIN if the local path has to be asked for again, see unixpath.h.
 */
int attempt_open(struct attempt *, const struct target *,
    const struct address_list *sources);

/* connect(2).  Returns 0, or -1 with errno. */
int attempt_connect(struct attempt *);

/*
 * How connect(2) ended, after these events of poll(2): 0, or the errno.  A
 * socket that is connected to itself found no listener: ECONNREFUSED.  One
 * that received bytes before it was reset was connected: 0.
 */
int attempt_error(struct attempt *, short events);

/* Closes the socket and removes the path, if there are any. */
void attempt_release(struct attempt *);

/* The same for one that failed, with an errno: sets state and failure. */
void attempt_fail(struct attempt *, const struct target *, int error);

/* Turns a connected attempt into a stream; NULL with errno. */
struct stream *attempt_stream(struct attempt *, const struct target *);

#endif
