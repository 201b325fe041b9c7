/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a path to a peer carries without fragments.
 */
#ifndef SOCKCAT_NET_MTU_H
#define SOCKCAT_NET_MTU_H

#include <stddef.h>

struct address;
struct transport;

/* The most bytes in one datagram to a peer without fragmentation. */
size_t mtu_datagram_size(const struct transport *, const struct address *);

#endif
