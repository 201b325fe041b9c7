/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Connecting: a task that resolves a name, races connections to what it
 * found (RFC 8305), and hands over a stream.
 */
#ifndef SOCKCAT_DIAL_DIAL_H
#define SOCKCAT_DIAL_DIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "net/socket.h"

struct stream;
struct task;
struct transport;

struct dial_options {
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
	const char *client;      /* whom it is for, named in lines; or NULL */
};

/*
 * Called once, from the task's step: with a stream that is then the
 * callee's, or with NULL after every failure has been reported.
 */
typedef void dial_done(void *context, struct stream *);

/* What error lines call the host. */
const char *dial_host(const struct dial_options *);

/* The options' strings must outlive the task.  Returns NULL with errno. */
struct task *dial_new(const struct dial_options *, dial_done *, void *context);

#endif
