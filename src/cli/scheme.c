/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A parser without state, checked by tests/unit/scheme.c and a fuzzer.
 */
#include "cli/scheme.h"

#include <string.h>

static const char *const names[] = {
	[SCHEME_TCP] = "tcp",
	[SCHEME_UDP] = "udp",
	[SCHEME_TLS] = "tls",
	[SCHEME_UNIX] = "unix",
};

enum { SCHEMES = sizeof(names) / sizeof(names[0]) };

enum scheme
scheme_parse(const char *text, const char **rest)
{
	size_t length = strcspn(text, ":");

	*rest = text;
	for (int i = SCHEME_TCP; i < SCHEMES && text[length] == ':'; i++) {
		if (strlen(names[i]) != length ||
		    strncmp(text, names[i], length) != 0)
			continue;
		*rest = text + length + 1;
		return (enum scheme)i;
	}
	return SCHEME_NONE;
}

const char *
scheme_name(enum scheme scheme)
{
	return names[scheme];
}
