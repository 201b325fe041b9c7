/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "cli/scheme.h"

#include <string.h>

#include "tap.h"

static bool
says(const char *text, enum scheme scheme, const char *rest)
{
	const char *found;

	return scheme_parse(text, &found) == scheme && strcmp(found, rest) == 0;
}

static void
schemes(void)
{
	ok(says("tcp:h:1", SCHEME_TCP, "h:1") &&
		says("udp:[::1]:1", SCHEME_UDP, "[::1]:1") &&
		says("tls:h:1", SCHEME_TLS, "h:1"),
	    "a host and a port may have a scheme");
	ok(says("unix:/a:b", SCHEME_UNIX, "/a:b") &&
		says("unix:", SCHEME_UNIX, ""),
	    "all that stands behind unix: is the path");
	ok(says("h:1", SCHEME_NONE, "h:1") && says("", SCHEME_NONE, "") &&
		says("tcp", SCHEME_NONE, "tcp") &&
		says("tcpx:1", SCHEME_NONE, "tcpx:1") &&
		says("tc:1", SCHEME_NONE, "tc:1") &&
		says("[tcp]:1", SCHEME_NONE, "[tcp]:1") &&
		says("TCP:h:1", SCHEME_NONE, "TCP:h:1"),
	    "others have none");
	ok(strcmp(scheme_name(SCHEME_UNIX), "unix") == 0 &&
		scheme_name(SCHEME_NONE) == NULL,
	    "a scheme has a name");
}

int
main(void)
{
	schemes();
	return tap_end();
}
