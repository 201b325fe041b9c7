/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Ranges do not overlap once they are sorted and merged, so that one binary
 * search decides.
 */
#include "listen/acl_lists.h"

#include <stdlib.h>
#include <string.h>

#include "net/address.h"

/* The last address before those of IPv4, and the first one behind. */
static const uint8_t before_ipv4[16] = {
	[10] = 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff
};
static const uint8_t after_ipv4[16] = { [9] = 1 };

static int
compare(const uint8_t a[16], const uint8_t b[16])
{
	return memcmp(a, b, 16);
}

static int
append(struct acl_list *list, const uint8_t first[16], const uint8_t last[16])
{
	struct acl_range *items = list->items;
	size_t size = list->size;

	if (list->count == size) {
		size = size ? 2 * size : 8;
		items = reallocarray(items, size, sizeof(*items));
		if (items == NULL)
			return -1;
		list->items = items;
		list->size = size;
	}
	memcpy(items[list->count].first, first, 16);
	memcpy(items[list->count++].last, last, 16);
	return 0;
}

int
acl_list_add(struct acl_list *list, const struct acl_range *range)
{
	const struct acl_range *ipv4 = &acl_range_ipv4;

	/* It ends before IPv4, or begins in it or behind. */
	if (compare(range->last, ipv4->first) < 0 ||
	    compare(range->first, ipv4->first) >= 0)
		return append(list, range->first, range->last);
	if (append(list, range->first, before_ipv4) == -1)
		return -1;
	/* ::/80 ends where IPv4 does. */
	if (compare(range->last, ipv4->last) <= 0)
		return 0;
	return append(list, after_ipv4, range->last);
}

int
acl_list_add_address(struct acl_list *list, const struct address *address)
{
	uint8_t bytes[16];

	if (!address_bytes(address, bytes))
		return 0;
	return append(list, bytes, bytes);
}

static int
compare_first(const void *a, const void *b)
{
	const struct acl_range *one = a, *other = b;

	return compare(one->first, other->first);
}

static void
sort_list(struct acl_list *list)
{
	struct acl_range *last = list->items;

	if (list->count == 0)
		return;
	qsort(list->items, list->count, sizeof(*list->items), compare_first);
	for (size_t i = 1; i < list->count; i++) {
		const struct acl_range *next = &list->items[i];

		if (compare(next->first, last->last) > 0)
			*++last = *next;
		else if (compare(next->last, last->last) > 0)
			memcpy(last->last, next->last, sizeof(last->last));
	}
	list->count = (size_t)(last - list->items) + 1;
}

void
acl_lists_sort(struct acl_lists *lists)
{
	sort_list(&lists->allow);
	sort_list(&lists->deny);
}

static int
compare_position(const void *key, const void *item)
{
	const struct acl_range *range = item;

	if (compare(key, range->first) < 0)
		return -1;
	return compare(key, range->last) > 0;
}

static bool
list_holds(const struct acl_list *list, const uint8_t bytes[16])
{
	return list->count > 0 &&
	    bsearch(bytes, list->items, list->count, sizeof(*list->items),
		compare_position) != NULL;
}

bool
acl_lists_allows(const struct acl_lists *lists, const struct address *address)
{
	uint8_t bytes[16];

	if (!address_bytes(address, bytes))
		return !lists->is_exclusive;
	if (list_holds(&lists->deny, bytes))
		return false;
	return !lists->is_exclusive || list_holds(&lists->allow, bytes);
}

void
acl_lists_clear(struct acl_lists *lists)
{
	free(lists->allow.items);
	free(lists->deny.items);
	*lists = (struct acl_lists){ 0 };
}
