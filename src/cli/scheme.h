/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a TARGET may begin with: "tcp:", "udp:" or "tls:" before a host and a
 * port, "unix:" before a path.
 */
#ifndef SOCKCAT_CLI_SCHEME_H
#define SOCKCAT_CLI_SCHEME_H

enum scheme {
	SCHEME_NONE, /* nothing stands in front */
	SCHEME_TCP,
	SCHEME_UDP,
	SCHEME_TLS,
	SCHEME_UNIX,
};

/* The scheme in front of a TARGET, and in *rest what stands behind it. */
enum scheme scheme_parse(const char *text, const char **rest);

/* "tcp", "udp", "tls", "unix"; NULL for SCHEME_NONE. */
const char *scheme_name(enum scheme);

#endif
