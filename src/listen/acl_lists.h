/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Who may connect: lists of ranges of addresses, to be searched.
 */
#ifndef SOCKCAT_LISTEN_ACL_LISTS_H
#define SOCKCAT_LISTEN_ACL_LISTS_H

#include <stdbool.h>
#include <stddef.h>

#include "listen/acl_range.h"

struct address;

/* Sorted and apart from each other after acl_lists_sort(). */
struct acl_list {
	struct acl_range *items;
	size_t count, size;
};

/* All zero lets everybody in. */
struct acl_lists {
	struct acl_list allow, deny;
	bool is_exclusive; /* only those in the allow list may connect */
};

/*
 * Appends what acl_range_parse() has read, or one address.  An address without
 * bytes of its own, such as a path, is passed over.  Both return 0, or -1
 * with errno.
 */
int acl_list_add(struct acl_list *, const struct acl_range *);
int acl_list_add_address(struct acl_list *, const struct address *);

/* To be called when all has been added. */
void acl_lists_sort(struct acl_lists *);

/* Denying wins over allowing.  A path is in no list. */
bool acl_lists_allows(const struct acl_lists *, const struct address *);

void acl_lists_clear(struct acl_lists *);

#endif
