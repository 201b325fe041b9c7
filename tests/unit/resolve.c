/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "net/resolve.h"

#include <sys/socket.h>

#include "net/address.h"
#include "tap.h"

static bool
is_family(const char *host, int wanted, int family)
{
	struct address a;

	return resolve_literal(host, wanted, &a) == 0 &&
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

int
main(void)
{
	literals();
	return tap_end();
}
