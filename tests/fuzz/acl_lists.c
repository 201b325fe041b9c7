/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Lines of specs: what is accepted does not end before it begins, an
 * address is a range of one, and the search finds what looking at each range
 * does.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "listen/acl_lists.h"
#include "net/address.h"

enum { MAX = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct address
address_of(const uint8_t bytes[16])
{
	char text[INET6_ADDRSTRLEN];
	struct address a;

	address_set_any(&a, AF_INET6);
	inet_ntop(AF_INET6, bytes, text, sizeof(text));
	assert(address_set_host(&a, text));
	return a;
}

static bool
is_ipv4(const uint8_t bytes[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(bytes, mapped, 12) == 0;
}

/* Whether a range holds an address, by the words of listen/acl_lists.h. */
static bool
holds(const struct acl_range *r, const uint8_t bytes[16])
{
	return memcmp(r->first, bytes, 16) <= 0 &&
	    memcmp(bytes, r->last, 16) <= 0 &&
	    is_ipv4(r->first) == is_ipv4(bytes);
}

static void
check(const struct acl_lists *access, const struct acl_range *ranges,
    size_t count, const uint8_t bytes[16])
{
	struct address a = address_of(bytes);
	bool found = false;

	for (size_t i = 0; i < count; i++)
		found = found || holds(&ranges[i], bytes);
	assert(acl_lists_allows(access, &a) == found);
}

/* The last byte is enough to step over most ends. */
static void
check_around(const struct acl_lists *access, const struct acl_range *ranges,
    size_t count, const uint8_t end[16])
{
	uint8_t bytes[16];

	for (int step = -1; step <= 1; step++) {
		memcpy(bytes, end, sizeof(bytes));
		bytes[15] = (uint8_t)(bytes[15] + step);
		check(access, ranges, count, bytes);
		bytes[12] ^= 0x80;
		check(access, ranges, count, bytes);
	}
}

/* An address that inet_pton(3) reads is a range of one. */
static void
check_plain(const char *spec, const struct acl_range *range)
{
	int family = strchr(spec, ':') != NULL ? AF_INET6 : AF_INET;
	struct address a;
	uint8_t bytes[16];

	address_set_any(&a, family);
	if (!address_set_host(&a, spec))
		return;
	assert(range != NULL && address_bytes(&a, bytes));
	assert(memcmp(range->first, bytes, 16) == 0);
	assert(memcmp(range->last, bytes, 16) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1), *rest = text, *spec;
	struct acl_lists access = { .is_exclusive = true };
	struct acl_range ranges[MAX];
	size_t count = 0;
	bool is_name;

	if (text == NULL)
		abort();
	memcpy(text, bytes, length);
	text[length] = '\0';
	while (count < MAX && (spec = strsep(&rest, "\n")) != NULL) {
		struct acl_range *r = &ranges[count];
		const char *why = acl_range_parse(spec, r, &is_name);

		assert(why == NULL || !is_name);
		check_plain(spec, why == NULL && !is_name ? r : NULL);
		if (why != NULL || is_name)
			continue;
		assert(memcmp(r->first, r->last, 16) <= 0);
		assert(acl_list_add(&access.allow, r) == 0);
		count++;
	}
	acl_lists_sort(&access);
	for (size_t i = 0; i < count; i++) {
		check_around(&access, ranges, count, ranges[i].first);
		check_around(&access, ranges, count, ranges[i].last);
	}
	acl_lists_clear(&access);
	free(text);
	return 0;
}
