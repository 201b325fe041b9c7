/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The peers that are known: a tree finds one by its address, and lists have
 * those that wait for a session, are owed an answer, or are idle, each in the
 * order in which they became so.  For stream/peers.c alone.
 */
#ifndef SOCKCAT_STREAM_PEERTABLE_H
#define SOCKCAT_STREAM_PEERTABLE_H

#include <sys/queue.h>
#include <sys/tree.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address;
struct peer;

RB_HEAD(peer_tree, peer);
TAILQ_HEAD(peer_list, peer);

struct peer_table {
	struct peer_tree tree;
	struct peer_list waiting;    /* for a session */
	struct peer_list busy, idle; /* with one; heard longest ago first */
	struct peer_list full;       /* and waited for, longest first */
	size_t waiting_count;
	size_t sessions; /* streams that have not been freed */
	size_t ending;   /* and of them, those of peers that are not known */
};

void peer_table_init(struct peer_table *);

/* The peer that writes to a socket from an address, or NULL. */
struct peer *peer_table_find(
    struct peer_table *, int fd, const struct address *);

/* A new peer waits for a session, behind all others or before them. */
void peer_table_add(struct peer_table *, struct peer *, bool is_first);

/* It has a session now. */
void peer_table_admit(struct peer_table *, struct peer *, bool is_busy);

/*
 * Whether a peer that has a session is owed an answer; puts it behind all
 * others of which the same is true.
 */
void peer_table_set_busy(struct peer_table *, struct peer *, bool is_busy);

void peer_table_set_full(
    struct peer_table *, struct peer *, bool is_full, int64_t now);

/*
 * A peer is known no more: its session still reads what has come, and then
 * the end.  is_settled: it expects nothing more.  One that waits for a session
 * gets none, and is the caller's.
 */
void peer_table_forget(struct peer_table *, struct peer *, bool is_settled);

/* Forgets all peers of a socket (-1: of all), and destroys those that wait. */
void peer_table_forget_all(struct peer_table *, int fd);

#endif
