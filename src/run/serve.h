/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The listening mode: a server of one client, or with -k of many.
 */
#ifndef SOCKCAT_RUN_SERVE_H
#define SOCKCAT_RUN_SERVE_H

struct acl;
struct loop;
struct outcome;
struct plan;
struct stream;
struct supervisor;

/*
 * As connect_run().  The access lists are one of the loop's tasks, or NULL:
 * everybody may come in.
 */
void serve_run(struct loop *, const struct plan *, struct supervisor *,
    struct acl *, struct stream *local, struct outcome *);

#endif
