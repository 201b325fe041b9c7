/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Who may connect: ranges of addresses, read from text and searched.  Names
 * and files are for listen/acl.
 *
 * An IPv4 address and its v4-mapped twin, ::ffff:a.b.c.d, are the same.  No
 * range of other IPv6 addresses holds any of them: ::/0 is all of IPv6 only.
 */
#ifndef SOCKCAT_LISTEN_ACL_LISTS_H
#define SOCKCAT_LISTEN_ACL_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address;

/* From first to last, both included, as address_bytes() makes them. */
struct acl_range {
	uint8_t first[16], last[16];
};

/* Sorted and apart from each other after acl_lists_sort(). */
struct acl_list {
	struct acl_range *items;
	size_t count, size;
};

/* All zero lets everybody in. */
struct acl_lists {
	struct acl_list allow, deny;
	bool is_exclusive; /* nobody but whom the allow list holds */
};

/*
 * An address, a network ("10.0.0.0/8", whose host bits do not count, or for
 * IPv4 "10.*.*.*") or a range ("10.0.0.1-10.0.0.20", "10.0.0.1-20").  IPv6
 * may be in brackets; a scope ("%eth0") is overlooked.  Returns NULL, or what
 * is allowed.  A name (RFC 1123) sets *is_name and no range.
 */
const char *acl_range_parse(
    const char *spec, struct acl_range *, bool *is_name);

/*
 * Appends what acl_range_parse() has read, or one address.  An address without
 * bytes of its own, such as a path, is passed over.  Both return 0, or -1
 * with errno.
 */
int acl_list_add(struct acl_list *, const struct acl_range *);
int acl_list_add_address(struct acl_list *, const struct address *);

/* To be called when all has been added. */
void acl_lists_sort(struct acl_lists *);

/* Who is denied is not let in, whatever allows it.  No list holds a path. */
bool acl_lists_allows(const struct acl_lists *, const struct address *);

void acl_lists_clear(struct acl_lists *);

#endif
