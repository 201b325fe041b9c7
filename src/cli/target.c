/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A parser without state, checked by tests/unit/target.c and a fuzzer.
 */
#include "cli/target.h"

#include <stddef.h>
#include <string.h>

static const char *const schemes[] = {
	[TARGET_TCP] = "tcp",
	[TARGET_UDP] = "udp",
	[TARGET_TLS] = "tls",
	[TARGET_UNIX] = "unix",
};

enum { KINDS = sizeof(schemes) / sizeof(schemes[0]) };

enum target_kind
target_kind(const char *text, const char **rest)
{
	size_t length = strcspn(text, ":");

	*rest = text;
	for (int i = TARGET_TCP; i < KINDS && text[length] == ':'; i++) {
		if (strlen(schemes[i]) != length ||
		    strncmp(text, schemes[i], length) != 0)
			continue;
		*rest = text + length + 1;
		return (enum target_kind)i;
	}
	return TARGET_PLAIN;
}

bool
target_is(const char *text)
{
	const char *rest, *colon = strchr(text, ':');

	if (target_kind(text, &rest) != TARGET_PLAIN ||
	    strstr(text, "]:") != NULL)
		return true;
	return colon != NULL && strchr(colon + 1, ':') == NULL;
}

const char *
target_scheme(enum target_kind kind)
{
	return schemes[kind];
}
