/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The end of a server whose input has ended (--until-eof).
 */
#ifndef SOCKCAT_RUN_DRAIN_H
#define SOCKCAT_RUN_DRAIN_H

struct hub;
struct loop;

typedef void drain_done(void *context);

/*
 * Lets the hub drain, in a task of the loop, and calls done when its members
 * have been sent everything and have left, or have had a second to leave.
 * Returns 0, or -1 with errno.
 */
int drain_start(struct loop *, struct hub *, drain_done *, void *context);

#endif
