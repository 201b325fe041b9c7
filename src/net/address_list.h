/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Addresses in the order in which they are tried.
 */
#ifndef SOCKCAT_NET_ADDRESS_LIST_H
#define SOCKCAT_NET_ADDRESS_LIST_H

#include <stddef.h>

#include "net/address.h"

struct address_list {
	struct address *items;
	size_t count;
};

/* Appends a copy.  Returns 0, or -1 with errno. */
int address_list_add(struct address_list *, const struct address *);

/* First come first, but the families take turns: RFC 8305 section 4. */
void address_list_alternate(struct address_list *);

void address_list_clear(struct address_list *);

#endif
