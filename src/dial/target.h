/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Where to connect to, and how, as the user asked for it.
 */
#ifndef SOCKCAT_DIAL_TARGET_H
#define SOCKCAT_DIAL_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/socket.h"

struct address;
struct transport;

struct target {
	const struct transport *transport;
	struct socket_options socket;
	int family;       /* -4, -6; AF_UNSPEC: both */
	bool numeric;     /* -n */
	bool random_port; /* -r: a random local port */
	const char *host; /* name, address, path, context id; NULL: loopback */
	const char *port; /* number or service */
	const char *source;      /* -s: local address or path, or NULL */
	const char *source_port; /* -p, or NULL */
	int64_t timeout;         /* -w: milliseconds; negative: the system's */
};

/* What lines call the host. */
const char *target_host(const struct target *);

/*
 * One of its addresses in words: "localhost (127.0.0.1)", or the path; and
 * with the port behind it, where there is one.
 */
void target_format_host(
    const struct target *, const struct address *, char *text, size_t size);
void target_format(
    const struct target *, const struct address *, char *text, size_t size);

/* Says with -v that a connection to one of its addresses was made. */
void target_announce(const struct target *, const struct address *,
    const char *client /* for whom, or NULL */);

#endif
