/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A UDP client's other ways to its peer.  connect(2) finds out nothing, so
 * an address that refuses the first datagrams is given up for the next one of
 * the name, and they are sent again.  A socket whose own address has gone
 * from the machine is connected anew.
 */
#ifndef SOCKCAT_DIAL_REDIAL_H
#define SOCKCAT_DIAL_REDIAL_H

#include <stddef.h>

struct address;
struct address_list;
struct reconnect;
struct target;

/*
 * The socket is connected to the peer; others are count addresses that have
 * not been tried.  The target's strings must outlive it.  Returns NULL if
 * there is no other way, as in a unix domain, or no memory.
 */
struct reconnect *redial_new(const struct target *,
    const struct address_list *sources, const struct address *peer,
    const struct address *others, size_t count);

#endif
