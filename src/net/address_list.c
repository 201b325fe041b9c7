/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "net/address_list.h"

#include <stdlib.h>
#include <string.h>

int
address_list_add(struct address_list *list, const struct address *a)
{
	struct address *items =
	    reallocarray(list->items, list->count + 1, sizeof(*items));

	if (items == NULL)
		return -1;
	list->items = items;
	items[list->count++] = *a;
	return 0;
}

void
address_list_alternate(struct address_list *list)
{
	struct address *items = list->items;

	for (size_t i = 1; i < list->count; i++) {
		int last = address_family(&items[i - 1]);
		struct address next;
		size_t at = i;

		while (at < list->count && address_family(&items[at]) == last)
			at++;
		if (at == list->count)
			return;
		next = items[at];
		memmove(&items[i + 1], &items[i], (at - i) * sizeof(*items));
		items[i] = next;
	}
}

void
address_list_clear(struct address_list *list)
{
	free(list->items);
	*list = (struct address_list){ 0 };
}
