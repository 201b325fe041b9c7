/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The modes of the program.  Each adds its tasks to the loop, runs it, and
 * adds to the outcome what became of it.
 */
#ifndef SOCKCAT_RUN_MODES_H
#define SOCKCAT_RUN_MODES_H

struct gate;
struct loop;
struct outcome;
struct plan;
struct stream;
struct supervisor;

/*
 * The local stream must outlive the loop, whose tasks use it until the end.
 * The gate is one of these tasks, or NULL: everybody may come in.
 */
void run_connect(
    struct loop *, const struct plan *, struct stream *local, struct outcome *);
void run_serve(struct loop *, const struct plan *, struct supervisor *,
    struct gate *, struct stream *local, struct outcome *);

#endif
