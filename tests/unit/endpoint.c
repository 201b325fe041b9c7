/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "cli/endpoint.h"

#include "tap.h"

static bool
are_targets(const char *const texts[])
{
	for (; *texts != NULL; texts++)
		if (!endpoint_is_target(*texts))
			return false;
	return true;
}

static bool
are_others(const char *const texts[])
{
	for (; *texts != NULL; texts++)
		if (endpoint_is_target(*texts))
			return false;
	return true;
}

int
main(void)
{
	static const char *const colons[] = { "h:1", ":1", "h:", "tcp:1",
		"unix:a:b", NULL };
	static const char *const brackets[] = { "[::1]:1",
		"[fe80::1%eth0]:http", "tcp:[::1]:1", NULL };
	static const char *const others[] = { "::1", "[::1]", "80", "localhost",
		"", "fe80::1%eth0", NULL };

	ok(are_targets(colons), "one colon, or a scheme, makes a TARGET");
	ok(are_targets(brackets), "so does a bracket before a colon");
	ok(are_others(others), "hosts, ports and addresses are none");
	return tap_end();
}
