/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "listen/acl_lists.h"

#include <stdlib.h>
#include <string.h>

#include "net/address.h"
#include "tap.h"

static struct address
host(const char *text)
{
	struct address a;

	if (text[0] == '/') {
		address_set_unix(&a, text);
		return a;
	}
	address_set_any(&a, strchr(text, ':') != NULL ? AF_INET6 : AF_INET);
	if (!address_set_host(&a, text))
		abort();
	return a;
}

/* Adds specs that blanks separate; false if one is no range. */
static bool
add(struct acl_list *list, const char *specs)
{
	char *copy = strdup(specs), *rest, *spec;
	struct acl_range range;
	bool is_name, good = true;

	for (spec = strtok_r(copy, " ", &rest); spec != NULL;
	     spec = strtok_r(NULL, " ", &rest)) {
		if (acl_range_parse(spec, &range, &is_name) != NULL ||
		    is_name || acl_list_add(list, &range) == -1)
			good = false;
	}
	free(copy);
	return good;
}

/* Whether specs, as the allow list, let an address in. */
static bool
matches(const char *specs, const char *client)
{
	struct acl_lists access = { .is_exclusive = true };
	struct address a = host(client);
	bool result = add(&access.allow, specs);

	acl_lists_sort(&access);
	result = result && acl_lists_allows(&access, &a);
	acl_lists_clear(&access);
	return result;
}

static void
specs_match_addresses(void)
{
	static const struct {
		const char *specs, *inside, *outside;
	} rows[] = {
		{ "10.0.0.1", "10.0.0.1", "10.0.0.2" },
		{ "10.0.0.1", "::ffff:10.0.0.1", "::10.0.0.1" },
		{ "::ffff:10.0.0.1", "10.0.0.1", "10.0.0.2" },
		{ "255.255.255.255", "255.255.255.255", "255.255.255.254" },
		{ "255.255.255.255/32", "255.255.255.255", "::1:0:0:0" },
		{ "0.0.0.0", "0.0.0.0", "0.0.0.1" },
		{ "::1", "::1", "::2" },
		{ "[::1]", "::1", "127.0.0.1" },
		{ "10.0.0.0/8", "10.255.255.255", "11.0.0.0" },
		{ "10.1.2.3/8", "10.0.0.0", "9.255.255.255" },
		{ "10.0.0.0/31", "10.0.0.1", "10.0.0.2" },
		{ "0.0.0.0/0", "255.255.255.255", "::1" },
		{ "0.0.0.0/0", "0.0.0.0", "::fffe:ffff:ffff" },
		{ "0.0.0.0/0", "::ffff:1.2.3.4", "::1:0:0:0" },
		{ "0.0.0.0/1", "127.255.255.255", "128.0.0.0" },
		{ "::ffff:0:0/96", "255.255.255.255", "::1:0:0:0" },
		{ "::ffff:0:0/96", "0.0.0.0", "::fffe:ffff:ffff" },
		{ "::ffff:10.0.0.0/104", "10.9.9.9", "11.0.0.0" },
		{ "::/0", "::", "0.0.0.0" },
		{ "::/0", "::fffe:ffff:ffff", "255.255.255.255" },
		{ "::/0", "::1:0:0:0", "::ffff:1.2.3.4" },
		{ "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "/path" },
		{ "::/80", "::fffe:ffff:ffff", "255.255.255.255" },
		{ "::/80", "::", "::1:0:0:0" },
		{ "2001:db8::/32", "2001:db8:ffff::1", "2001:db9::" },
		{ "2001:db8::1/32", "2001:db8::", "2001:db7:ffff::" },
		{ "[2001:db8::]/127", "2001:db8::1", "2001:db8::2" },
		{ "::1/128", "::1", "::" },
		{ "10.0.0.1-10.0.0.20", "10.0.0.20", "10.0.0.21" },
		{ "10.0.0.1-10.0.0.20", "10.0.0.1", "10.0.0.0" },
		{ "10.0.0.1-10.0.0.1", "10.0.0.1", "10.0.0.2" },
		{ "10.0.0.1-20", "10.0.0.20", "10.0.0.21" },
		{ "10.0.0.1-255", "10.0.0.255", "10.0.1.0" },
		{ "0.0.0.0-255.255.255.255", "127.0.0.1", "::1" },
		{ "::1-::ff", "::80", "::100" },
		{ "[::1]-[::ff]", "::ff", "::" },
		{ "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		    "2001::", "1.2.3.4" },
		{ "::ffff:10.0.0.1-10.0.0.2", "10.0.0.2", "10.0.0.3" },
		{ "fe80::1%eth0", "fe80::1", "fe80::2" },
		{ "[fe80::1%br-lan]", "fe80::1", "fe80::2" },
		{ "fe80::%br-lan/64", "fe80::ffff", "fe80:0:0:1::" },
		{ "fe80::1%br-1-fe80::9%br-1", "fe80::8", "fe80::a" },
		{ "10.0.0.*", "10.0.0.255", "10.0.1.0" },
		{ "10.0.0.*", "::ffff:10.0.0.0", "9.255.255.255" },
		{ "10.0.*.*", "10.0.255.1", "10.1.0.0" },
		{ "10.*.*.*", "10.255.255.255", "11.0.0.0" },
		{ "*.*.*.*", "255.255.255.255", "::1" },
		{ "10.0.0.5-9 10.0.0.1-6 10.0.0.2", "10.0.0.9", "10.0.0.10" },
		{ "10.0.0.0/8 10.1.0.0/16 192.0.2.1", "10.2.0.0", "192.0.2.2" },
		{ "0.0.0.0/0 255.255.255.255", "255.255.255.255", "::" },
		{ "::/0 0.0.0.0/0", "1.2.3.4", "/path" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(matches(rows[i].specs, rows[i].inside) &&
			!matches(rows[i].specs, rows[i].outside),
		    "%s holds %s and not %s", rows[i].specs, rows[i].inside,
		    rows[i].outside);
}

static void
what_is_wrong_is_told(void)
{
	static const char any[] = "address, a network, a range or a name";
	static const struct {
		const char *spec, *why;
	} rows[] = {
		{ "", any },
		{ "300.1.2.3", any },
		{ "1.2.3", any },
		{ "1.2.3.4.5", any },
		{ "10", any },
		{ "*", any },
		{ "10.0.*", any },
		{ "10.*.0.1", any },
		{ "10.0.0.1*", any },
		{ "10.0.0.**", any },
		{ "10.0.0.0.*", any },
		{ "*.*.*.*.*", any },
		{ "300.0.0.*", any },
		{ "::*", any },
		{ "0x7f000001", any },
		{ "0x7f.1", any },
		{ "1.2.3.0X4", any },
		{ "10.0.0.0/33", "from 0 to 32" },
		{ "10.0.0.0/", "from 0 to 32" },
		{ "10.0.0.0/-1", "from 0 to 32" },
		{ "10.0.0.0/+8", "from 0 to 32" },
		{ "10.0.0.0/ 8", "from 0 to 32" },
		{ "10.0.0.0/08", "from 0 to 32" },
		{ "10.0.0.0/8x", "from 0 to 32" },
		{ "10.0.0.0/8/8", "from 0 to 32" },
		{ "10.0.0.0/99999999999999999999", "from 0 to 32" },
		{ "::/129", "from 0 to 128" },
		{ "::ffff:10.0.0.0/8", "from 96 to 128" },
		{ "::ffff:10.0.0.0/129", "from 96 to 128" },
		{ "/8", any },
		{ "name/8", any },
		{ "10.0.0.1-8/8", any },
		{ "10.0.0.20-10.0.0.1", "lower to a higher" },
		{ "10.0.0.20-1", "lower to a higher" },
		{ "::2-::1", "lower to a higher" },
		{ "10.0.0.1-::ff", "one family" },
		{ "::1-10.0.0.1", "one family" },
		{ "10.0.0.1-256", any },
		{ "10.0.0.1-020", any },
		{ "10.0.0.01", any },
		{ "10.0.0.1-", any },
		{ "-10.0.0.1", any },
		{ "10.0.0.1-2-3", any },
		{ "::1-ff", any },
		{ "::1-20", any },
		{ "::1::", any },
		{ "[::1", any },
		{ "::1]", any },
		{ "[]", any },
		{ "[", any },
		{ "[10.0.0.1]", any },
		{ "10.0.0.1%eth0", any },
		{ "fe80::1%", any },
		{ "fe80::1%a b", any },
		{ "a_b", any },
		{ "a..b", any },
		{ ".a", any },
		{ "-a", any },
		{ "a-.b", any },
		{ "a b", any },
		{ "a\tb", any },
		{ "caf\303\251", any },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct acl_range range;
		bool is_name;
		const char *why =
		    acl_range_parse(rows[i].spec, &range, &is_name);

		ok(why != NULL && !is_name && strstr(why, rows[i].why) != NULL,
		    "'%s' is refused", rows[i].spec);
	}
}

static bool
is_name(const char *text)
{
	struct acl_range range;
	bool result;

	return acl_range_parse(text, &range, &result) == NULL && result;
}

static void
names_are_names(void)
{
	char label[65], name[256] = "";

	ok(is_name("localhost") && is_name("a") && is_name("3com") &&
		is_name("my-host.example.com") && is_name("example.com.") &&
		is_name("1.2.3.4.example") && is_name("10-0-0-1.example") &&
		is_name("dead.beef") && is_name("0x7f.example"),
	    "a name is what RFC 1123 allows");
	memset(label, 'a', sizeof(label));
	label[64] = '\0';
	ok(is_name(label + 1) && !is_name(label),
	    "a label of 63 letters is a name, one of 64 is none");
	for (int i = 0; i < 127; i++)
		strlcat(name, i < 126 ? "a." : "a", sizeof(name));
	ok(strlen(name) == 253 && is_name(name), "253 letters are a name");
	strlcat(name, "a", sizeof(name));
	ok(!is_name(name), "254 letters are none");
}

static bool
lets_in(const struct acl_lists *access, const char *client)
{
	struct address a = host(client);

	return acl_lists_allows(access, &a);
}

static void
deny_wins(void)
{
	struct acl_lists access = { 0 };

	ok(lets_in(&access, "10.0.0.1") && lets_in(&access, "/path"),
	    "without lists everybody is let in");
	add(&access.deny, "10.0.0.0/8 ::1");
	acl_lists_sort(&access);
	ok(!lets_in(&access, "10.0.0.1") && !lets_in(&access, "::1") &&
		lets_in(&access, "11.0.0.1") && lets_in(&access, "/path"),
	    "a deny list keeps out whom it holds");
	add(&access.allow, "10.0.0.1 11.0.0.1");
	access.is_exclusive = true;
	acl_lists_sort(&access);
	ok(!lets_in(&access, "10.0.0.1") && lets_in(&access, "11.0.0.1"),
	    "who is denied and allowed is denied");
	ok(!lets_in(&access, "12.0.0.1") && !lets_in(&access, "/path"),
	    "an allow list keeps out whom it does not hold");
	acl_lists_clear(&access);
	access.is_exclusive = true;
	ok(!lets_in(&access, "10.0.0.1"), "an empty allow list allows nobody");
}

static void
ranges_are_merged(void)
{
	struct acl_lists access = { 0 };

	add(&access.deny, "10.0.0.5-9 10.0.0.1-6 10.0.0.0/24 10.0.0.2");
	acl_lists_sort(&access);
	ok(access.deny.count == 1, "ranges that overlap become one");
	add(&access.deny, "::/0 0.0.0.0/0 255.255.255.255 ::1");
	acl_lists_sort(&access);
	ok(access.deny.count == 3,
	    "IPv4 lies between two halves of IPv6 and joins none");
	acl_lists_clear(&access);
}

/* Every second address of a network, in an order that is not theirs. */
static void
lists_may_be_long(void)
{
	enum { COUNT = 100000, STRIDE = 77773 /* prime to it */ };
	struct acl_lists access = { .is_exclusive = true };
	int wrong = 0;

	for (unsigned int i = 0; i < COUNT; i++) {
		unsigned int n = (unsigned int)((uint64_t)i * STRIDE % COUNT);
		char text[32];

		snprintf(text, sizeof(text), "10.%u.%u.%u", n >> 15,
		    n >> 7 & 255, n << 1 & 255);
		add(&access.allow, text);
	}
	acl_lists_sort(&access);
	ok(access.allow.count == COUNT, "100000 ranges are kept");
	for (unsigned int i = 0; i < 2 * COUNT; i++) {
		char text[32];

		snprintf(text, sizeof(text), "10.%u.%u.%u", i >> 16,
		    i >> 8 & 255, i & 255);
		wrong += lets_in(&access, text) != (i % 2 == 0);
	}
	ok(wrong == 0, "each of them is found, and nothing in between");
	acl_lists_clear(&access);
}

int
main(void)
{
	specs_match_addresses();
	what_is_wrong_is_told();
	names_are_names();
	deny_wins();
	ranges_are_merged();
	lists_may_be_long();
	return tap_end();
}
