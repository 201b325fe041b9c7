/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A UDP client's other ways to its peer.  connect(2) finds out nothing, so
 * an address that refuses the first datagrams is given up for the next one of
 * the name, and they are sent again.  A socket whose own address has gone
 * from the machine is connected anew.
 */
#ifndef SOCKCAT_NET_REDIAL_H
#define SOCKCAT_NET_REDIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "net/address.h"

struct attempt;
struct dial_options;
struct redial;

/*
 * The socket is connected to the peer; others are count attempts that have
 * not been made.  The options' strings must outlive it.  Returns NULL if
 * there is no other way, as in a unix domain, or no memory.
 */
struct redial *redial_new(const struct dial_options *,
    const struct address_list *sources, const struct address *peer,
    const struct attempt *others, size_t count);
void redial_free(struct redial *);

/* A datagram was sent: it is kept, if it is one of the first. */
void redial_sent(struct redial *, const void *, size_t length);

/* Something has come from the peer. */
void redial_answered(struct redial *);

/*
 * A call on the connected socket failed with an errno, or is about to be made
 * (0).  Returns true if the socket is connected anew, and what was kept has
 * been sent again.  It has the same descriptor, but none of the options that
 * are set after it was opened; errors about the past are forgotten.
 */
bool redial_recover(struct redial *, int fd, int error);

/* Where it is connected to. */
const struct address *redial_peer(const struct redial *);

#endif
