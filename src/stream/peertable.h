/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The peers that are known, by their address, and in the order in which they
 * came to be what they are: waiting for a session, owed an answer, or idle.
 * For stream/peers.c alone.
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

/* It has one. */
void peer_table_admit(struct peer_table *, struct peer *, bool is_busy);

/* Puts a peer that has a session behind all others that owe an answer or not.
 */
void peer_table_set_busy(struct peer_table *, struct peer *, bool is_busy);

void peer_table_set_full(
    struct peer_table *, struct peer *, bool is_full, int64_t now);

/*
 * A peer is known no more: what has come is still read, and then there is an
 * end.  is_settled: it expects nothing more.  One that waits for a session
 * will have none, and is the caller's.
 */
void peer_table_forget(struct peer_table *, struct peer *, bool is_settled);

/* Forgets all peers of a socket (-1: of all), and destroys those that wait. */
void peer_table_forget_all(struct peer_table *, int fd);

#endif
