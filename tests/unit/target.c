/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "cli/target.h"

#include <string.h>

#include "tap.h"

static bool
says(const char *text, enum target_kind kind, const char *rest)
{
	const char *found;

	return target_kind(text, &found) == kind && strcmp(found, rest) == 0;
}

static void
kinds(void)
{
	ok(says("tcp:h:1", TARGET_TCP, "h:1") &&
		says("udp:[::1]:1", TARGET_UDP, "[::1]:1") &&
		says("tls:h:1", TARGET_TLS, "h:1"),
	    "a host and a port may say their kind");
	ok(says("unix:/a:b", TARGET_UNIX, "/a:b") &&
		says("unix:", TARGET_UNIX, ""),
	    "all that stands behind unix: is the path");
	ok(says("h:1", TARGET_PLAIN, "h:1") && says("", TARGET_PLAIN, "") &&
		says("tcp", TARGET_PLAIN, "tcp") &&
		says("tcpx:1", TARGET_PLAIN, "tcpx:1") &&
		says("tc:1", TARGET_PLAIN, "tc:1") &&
		says("[tcp]:1", TARGET_PLAIN, "[tcp]:1") &&
		says("TCP:h:1", TARGET_PLAIN, "TCP:h:1"),
	    "others say none");
	ok(strcmp(target_scheme(TARGET_UNIX), "unix") == 0 &&
		target_scheme(TARGET_PLAIN) == NULL,
	    "a kind has a name");
}

static void
targets(void)
{
	ok(target_is("h:1") && target_is(":1") && target_is("h:") &&
		target_is("tcp:1") && target_is("unix:a:b"),
	    "one colon, or a kind, makes a target");
	ok(target_is("[::1]:1") && target_is("[fe80::1%eth0]:http") &&
		target_is("tcp:[::1]:1"),
	    "so does a bracket before a colon");
	ok(!target_is("::1") && !target_is("[::1]") && !target_is("80") &&
		!target_is("localhost") && !target_is("") &&
		!target_is("fe80::1%eth0"),
	    "hosts, ports and addresses are none");
}

int
main(void)
{
	kinds();
	targets();
	return tap_end();
}
