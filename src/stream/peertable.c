/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A tree, not a hash, finds the peer: anybody may choose the addresses.
 */
#include "stream/peertable.h"

#include <poll.h>

#include "stream/peer.h"

static int
compare_peers(const struct peer *a, const struct peer *b)
{
	if (a->stream.out != b->stream.out)
		return a->stream.out < b->stream.out ? -1 : 1;
	return address_compare(&a->route.peer, &b->route.peer);
}

/* As RB_GENERATE_STATIC, whose attribute is not known everywhere. */
RB_GENERATE_INTERNAL(peer_tree, peer, by_address, compare_peers,
    __attribute__((__unused__)) static);

void
peer_table_init(struct peer_table *t)
{
	*t = (struct peer_table){ .sessions = 0 };
	RB_INIT(&t->tree);
	TAILQ_INIT(&t->idle);
	TAILQ_INIT(&t->busy);
	TAILQ_INIT(&t->waiting);
	TAILQ_INIT(&t->full);
}

struct peer *
peer_table_find(struct peer_table *t, int fd, const struct address *address)
{
	struct peer key = { .stream.out = fd, .route.peer = *address };

	return RB_FIND(peer_tree, &t->tree, &key);
}

void
peer_table_add(struct peer_table *t, struct peer *p, bool is_first)
{
	p->is_known = p->is_waiting = true;
	RB_INSERT(peer_tree, &t->tree, p);
	if (is_first)
		TAILQ_INSERT_HEAD(&t->waiting, p, by_state);
	else
		TAILQ_INSERT_TAIL(&t->waiting, p, by_state);
	t->waiting_count++;
}

static struct peer_list *
list_of(struct peer_table *t, struct peer *p)
{
	if (p->is_waiting)
		return &t->waiting;
	return p->is_busy ? &t->busy : &t->idle;
}

void
peer_table_admit(struct peer_table *t, struct peer *p, bool is_busy)
{
	TAILQ_REMOVE(list_of(t, p), p, by_state);
	p->is_waiting = false;
	p->is_busy = is_busy;
	TAILQ_INSERT_TAIL(list_of(t, p), p, by_state);
	t->waiting_count--;
	t->sessions++;
}

void
peer_table_set_busy(struct peer_table *t, struct peer *p, bool is_busy)
{
	TAILQ_REMOVE(list_of(t, p), p, by_state);
	p->is_busy = is_busy;
	TAILQ_INSERT_TAIL(list_of(t, p), p, by_state);
}

void
peer_table_set_full(
    struct peer_table *t, struct peer *p, bool is_full, int64_t now)
{
	if (is_full == p->is_full)
		return;
	p->is_full = is_full;
	p->full_since = now;
	if (is_full)
		TAILQ_INSERT_TAIL(&t->full, p, by_fullness);
	else
		TAILQ_REMOVE(&t->full, p, by_fullness);
}

void
peer_table_forget(struct peer_table *t, struct peer *p, bool is_settled)
{
	if (!p->is_known)
		return;
	RB_REMOVE(peer_tree, &t->tree, p);
	TAILQ_REMOVE(list_of(t, p), p, by_state);
	peer_table_set_full(t, p, false, 0);
	if (p->is_waiting)
		t->waiting_count--;
	else
		t->ending++;
	p->is_known = false;
	p->stream.is_settled = is_settled;
	p->stream.ready |= POLLIN;
}

void
peer_table_forget_all(struct peer_table *t, int fd)
{
	struct peer *p, *next;

	RB_FOREACH_SAFE(p, peer_tree, &t->tree, next)
	{
		if (fd != -1 && p->stream.out != fd)
			continue;
		peer_table_forget(t, p, false);
		if (p->is_waiting)
			peer_destroy(p);
	}
}
