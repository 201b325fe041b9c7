/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "net/address.h"
#include "net/address_list.h"
#include "net/address_text.h"

#include <sys/un.h>

#include <netinet/in.h>

#include <errno.h>
#include <string.h>

#include "net/resolve.h"
#include "tap.h"

static struct address
numeric(const char *host, const char *port)
{
	struct resolve_query query = {
		.host = host, .port = port, .type = SOCK_STREAM, .numeric = true
	};
	struct address_list list = { 0 };
	struct address a = { 0 };

	if (resolve_numeric(&query, &list) == 0 && list.count == 1)
		a = list.items[0];
	address_list_clear(&list);
	return a;
}

static bool
reads(const struct address *a, const char *words, const char *line)
{
	char text[ADDRESS_TEXT];

	address_format(a, text, sizeof(text));
	if (strcmp(text, words) != 0)
		return false;
	address_format_nc(a, text, sizeof(text));
	return strcmp(text, line) == 0;
}

static void
addresses_are_printed(void)
{
	struct address a = numeric("127.0.0.1", "9000");
	struct address b = numeric("::1", "80");

	ok(reads(&a, "127.0.0.1 port 9000", "127.0.0.1 9000"),
	    "an IPv4 address is printed with its port");
	ok(reads(&b, "::1 port 80", "::1 80"),
	    "an IPv6 address is printed with its port");
	address_set_port(&a, 443);
	ok(address_port(&a) == 443, "a port that was set is found again");
	ok(address_equal(&b, &b) && !address_equal(&a, &b),
	    "an address equals itself and no other");
	b = numeric("127.0.0.1", "444");
	ok(!address_equal(&a, &b), "another port is another address");
}

static void
kinds_are_told_apart(void)
{
	struct address any, group = numeric("239.1.2.3", "1"),
			    group6 = numeric("ff02::1", "1"),
			    plain = numeric("10.0.0.1", "1");

	address_set_any(&any, AF_INET6);
	ok(address_is_any(&any) && !address_is_any(&plain),
	    "the wildcard is told from other addresses");
	ok(address_is_multicast(&group) && address_is_multicast(&group6) &&
		!address_is_multicast(&plain),
	    "multicast groups are told from other addresses");
}

static void
unix_names_keep_their_length(void)
{
	struct address path, name, longest;
	char text[200];

	address_set_unix(&path, "/tmp/socket");
	ok(reads(&path, "/tmp/socket", "/tmp/socket"),
	    "a path is printed as it is");
	address_set_unix(&name, "@abstract");
	ok(reads(&name, "@abstract", "@abstract") &&
		name.storage.__ss_padding[0] == '\0',
	    "an abstract name has a NUL where it is printed with an @");
	memset(text, 'x', sizeof(text));
	text[107] = '\0';
	ok(address_set_unix(&longest, text) == 0 && reads(&longest, text, text),
	    "a path of 107 bytes fits");
	text[107] = 'x';
	text[108] = '\0';
	ok(address_set_unix(&longest, text) == -1 && errno == ENAMETOOLONG,
	    "a path of 108 bytes does not");
}

/* A name that the system might tell of, with its length. */
static struct address
unix_peer(const char *bytes, size_t length)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct address a;

	memcpy(un.sun_path, bytes, length);
	address_set(&a, (const struct sockaddr *)&un,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
	return a;
}

static bool
is_named(const struct address *a, const char *bytes, const char *shown)
{
	char name[ADDRESS_PATH], path[ADDRESS_PATH];
	bool has_path = address_path(a, path);

	return address_name(a, name) && strcmp(name, bytes) == 0 &&
	    has_path == (a->storage.__ss_padding[0] != '\0') &&
	    (!has_path || strcmp(path, bytes) == 0) && reads(a, shown, shown);
}

static void
names_are_bytes(void)
{
	struct address a = unix_peer("a\033\233b", 5);
	char longest[ADDRESS_PATH], shown[ADDRESS_TEXT] = "";

	ok(is_named(&a, "a\033\233b", "a\\x1b\\x9bb"),
	    "a path is its bytes, and escaped where it is shown");
	a = unix_peer("\0a\0b\n", 5);
	ok(is_named(&a, "@a@b\n", "@a\\x00b\\x0a"),
	    "so is an abstract name, of whatever bytes");
	memset(longest, '\001', 108);
	longest[108] = '\0';
	for (int i = 0; i < 108; i++)
		strcat(shown, "\\x01");
	a = unix_peer(longest, 108);
	ok(is_named(&a, longest, shown), "a path may fill its room");
	a = unix_peer("", 0);
	ok(!address_path(&a, longest) && !address_name(&a, longest) &&
		reads(&a, "(unnamed)", "(unnamed)"),
	    "a socket that is not bound has no name");
	a = numeric("127.0.0.1", "1");
	ok(!address_path(&a, longest) && !address_name(&a, longest),
	    "nor has one of another family");
	ok(address_set_unix(&a, "") == -1 && errno == ENOENT,
	    "nothing is no path");
}

static void
mapped_addresses_are_ip4(void)
{
	static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6 };

	for (size_t i = 0; i < 3; i++) {
		struct resolve_query query = { .host = "::ffff:10.1.2.3",
			.port = "7",
			.type = SOCK_STREAM,
			.family = families[i],
			.numeric = true };
		struct address_list list = { 0 };

		ok(resolve_numeric(&query, &list) == 0 && list.count == 1 &&
			reads(list.items, "10.1.2.3 port 7", "10.1.2.3 7"),
		    "an IPv4-mapped address is that address (%zu)", i);
		address_list_clear(&list);
	}
}

static size_t
wildcards(const char *host, int family)
{
	struct resolve_query query = { .host = host,
		.type = SOCK_STREAM,
		.family = family,
		.numeric = true,
		.passive = true };
	struct address_list list = { 0 };
	size_t count = 0;

	if (resolve_numeric(&query, &list) == 0)
		for (size_t i = 0; i < list.count; i++)
			count += address_is_any(&list.items[i]);
	address_list_clear(&list);
	return count;
}

static void
the_ip6_wildcard_is_both(void)
{
	ok(wildcards("::", AF_UNSPEC) == 2 && wildcards(NULL, AF_UNSPEC) == 2,
	    "listening on :: is listening on both wildcards");
	ok(wildcards("::", AF_INET6) == 1, "with -6 on one");
	ok(wildcards("0.0.0.0", AF_UNSPEC) == 1 &&
		wildcards("::1", AF_UNSPEC) == 0,
	    "others are what they are");
}

static void
errors_say_what_is_missing(void)
{
	struct address local = numeric("fe80::1", "1"),
		       group = numeric("ff02::1", "1"),
		       other = numeric("2001:db8::1", "1");

	ok(strstr(address_error(&local, EINVAL), "interface") != NULL &&
		strstr(address_error(&group, EINVAL), "interface") != NULL,
	    "a link-local address without an interface lacks it");
	ok(strcmp(address_error(&other, EINVAL), strerror(EINVAL)) == 0 &&
		strcmp(address_error(&local, EPIPE), strerror(EPIPE)) == 0,
	    "else the system's words stand");
}

static bool
alternates(const char *given, const char *expected)
{
	struct address_list list = { 0 };
	bool is_good = true;

	for (size_t i = 0; given[i] != '\0'; i += 2) {
		struct address a =
		    numeric(given[i] == '4' ? "127.0.0.1" : "::1", "0");

		address_set_port(&a, (uint16_t)given[i + 1]);
		address_list_add(&list, &a);
	}
	address_list_alternate(&list);
	for (size_t i = 0; i < list.count; i++)
		is_good &=
		    address_port(&list.items[i]) == (uint32_t)expected[i];
	address_list_clear(&list);
	return is_good;
}

static void
families_take_turns(void)
{
	ok(alternates("6a6b6c4d4e", "adbec"), "families take turns");
	ok(alternates("4a6b4c", "abc"), "who has turns keeps them");
	ok(alternates("4a4b4c6d", "adbc"), "the rest follows in order");
	ok(alternates("6a6b", "ab") && alternates("", ""),
	    "one family stays as it is");
}

static void
only_numbers_are_numeric(void)
{
	struct address a;

	a = numeric("localhost", "80");
	ok(a.length == 0, "a name is not numeric");
	a = numeric("127.0.0.1", "http");
	ok(a.length == 0, "a service is not numeric");
	a = numeric("127.0.0.1", "65536");
	ok(a.length == 0, "65536 is no port");
	a = numeric("127.0.0.1", "-1");
	ok(a.length == 0, "-1 is no port");
	a = numeric("127.0.0.1", "65535");
	ok(address_port(&a) == 65535, "65535 is a port");
}

int
main(void)
{
	addresses_are_printed();
	kinds_are_told_apart();
	unix_names_keep_their_length();
	names_are_bytes();
	mapped_addresses_are_ip4();
	the_ip6_wildcard_is_both();
	errors_say_what_is_missing();
	families_take_turns();
	only_numbers_are_numeric();
	return tap_end();
}
