/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "net/address.h"

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

	address_words(a, text, sizeof(text));
	if (strcmp(text, words) != 0)
		return false;
	address_line(a, text, sizeof(text));
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
	only_numbers_are_numeric();
	return tap_end();
}
