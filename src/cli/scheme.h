/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The schemes of a TARGET: "tcp:", "udp:" or "tls:" before a host and a port,
 * "unix:" before a path.
 */
#ifndef SOCKCAT_CLI_SCHEME_H
#define SOCKCAT_CLI_SCHEME_H

enum scheme {
	SCHEME_NONE, /* no scheme */
	SCHEME_TCP,
	SCHEME_UDP,
	SCHEME_TLS,
	SCHEME_UNIX,
};

/* The scheme of a TARGET, and in *rest what follows it. */
enum scheme scheme_parse(const char *text, const char **rest);

/* "tcp", "udp", "tls", "unix"; NULL for SCHEME_NONE. */
const char *scheme_name(enum scheme);

#endif
