/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Where to connect or listen, in one argument: "host:port", "[v6]:port",
 * "unix:path", and "tcp:", "udp:" or "tls:" before a host and a port.
 */
#ifndef SOCKCAT_CLI_TARGET_H
#define SOCKCAT_CLI_TARGET_H

#include <stdbool.h>

enum target_kind {
	TARGET_PLAIN, /* nothing stands in front */
	TARGET_TCP,
	TARGET_UDP,
	TARGET_TLS,
	TARGET_UNIX,
};

/*
 * Whether an argument is one: it says its kind, or has exactly one colon, or
 * "]:".
 */
bool target_is(const char *text);

/* What kind it says that it is, and in *rest what stands behind that. */
enum target_kind target_kind(const char *text, const char **rest);

/* "tcp", "udp", "tls", "unix"; NULL for TARGET_PLAIN. */
const char *target_scheme(enum target_kind);

#endif
