/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The connecting mode: dials, and has one session with the peer.
 */
#ifndef SOCKCAT_RUN_CONNECT_H
#define SOCKCAT_RUN_CONNECT_H

struct loop;
struct outcome;
struct plan;
struct stream;

/*
 * Adds its tasks to the loop, runs it, and sets the outcome.  The local stream
 * must outlive the loop, whose tasks use it until the end.
 */
void connect_run(
    struct loop *, const struct plan *, struct stream *local, struct outcome *);

#endif
