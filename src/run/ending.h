/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The end of a server whose input has ended (--until-eof).
 */
#ifndef SOCKCAT_RUN_ENDING_H
#define SOCKCAT_RUN_ENDING_H

struct hub;
struct loop;

typedef void ending_done(void *context);

/*
 * Lets the hub drain, in a task of the loop, and calls done when its members
 * have been sent all there was and have left, or have had the time to.
 * Returns 0, or -1 with errno.
 */
int ending_start(struct loop *, struct hub *, ending_done *, void *context);

#endif
