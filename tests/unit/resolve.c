/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "net/resolve.h"

#include <sys/socket.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "net/address.h"
#include "tap.h"

static bool
is_family(const char *host, int wanted, int family)
{
	struct address a;

	return resolve_literal(host, wanted, &a) &&
	    address_family(&a) == family;
}

static void
literals(void)
{
	ok(is_family("127.0.0.1", AF_UNSPEC, AF_INET) &&
		is_family("127.1", AF_INET, AF_INET) &&
		is_family("::1", AF_UNSPEC, AF_INET6) &&
		is_family("fe80::1%lo", AF_INET6, AF_INET6),
	    "an address is told by its form");
	ok(is_family("::ffff:127.0.0.1", AF_INET6, AF_INET),
	    "a mapped address is the other that it stands for");
	ok(!is_family("127.0.0.1", AF_INET6, AF_INET) &&
		!is_family("::1", AF_INET, AF_INET6),
	    "it may be of another family than is wanted");
	ok(!is_family("localhost", AF_UNSPEC, AF_INET) &&
		!is_family("", AF_UNSPEC, AF_INET),
	    "a name is none");
}

/* The thread reads the question when the one who asked has forgotten it. */
static void
questions(void)
{
	char host[] = "127.0.0.1", port[] = "80";
	struct resolve_query query = {
		.host = host,
		.port = port,
		.type = SOCK_STREAM,
	};
	struct address_list found = { 0 };
	struct resolver *r = resolver_start(&query);
	struct pollfd p = { .events = POLLIN };
	int code = -1;

	memset(host, 'x', sizeof(host) - 1);
	memset(port, 'x', sizeof(port) - 1);
	if (r != NULL) {
		p.fd = resolver_fd(r);
		if (poll(&p, 1, 10000) == 1)
			code = resolver_answer(r, &found);
	}
	ok(code == 0 && found.count == 1 && address_port(&found.items[0]) == 80,
	    "a resolver keeps what it was asked");
	address_list_clear(&found);
	resolver_free(r);
}

int
main(void)
{
	literals();
	questions();
	return tap_end();
}
