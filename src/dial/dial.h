/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Connecting: a task that resolves a name, races connections to what it
 * found (RFC 8305), and hands over a stream.
 */
#ifndef SOCKCAT_DIAL_DIAL_H
#define SOCKCAT_DIAL_DIAL_H

struct stream;
struct target;
struct task;

/*
 * Called once, from the task's step: with a stream that is then the
 * callee's, or with NULL after every failure has been reported.
 */
typedef void dial_done(void *context, struct stream *);

/* The target's strings must outlive the task.  Returns NULL with errno. */
struct task *dial_new(const struct target *, dial_done *, void *context);

#endif
