/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a listener is asked for.  Its parts take what they need from here.
 */
#ifndef SOCKCAT_LISTEN_LISTEN_OPTIONS_H
#define SOCKCAT_LISTEN_LISTEN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "net/socket.h"

struct address;
struct inherited;
struct listen_sockets;
struct stream;
struct transport;

/* Whether a client at that address may come in; asked before all else. */
typedef bool listen_guard(void *context, const struct address *);

/*
 * Called from the listener's step: with a client's stream, which is the
 * callee's, or with NULL once it has reported why it cannot listen.
 */
typedef void listen_client(void *context, struct stream *);

struct listen_options {
	const struct transport *transport;
	struct socket_options socket;
	int family;           /* -4, -6; AF_UNSPEC: both */
	bool numeric;         /* -n */
	bool random_port;     /* -r without a port */
	bool keep_open;       /* -k: more than one client */
	const char *host;     /* address, path or context id; NULL: any */
	const char *port;     /* number or service; NULL: the system's choice */
	bool tells_port;      /* which one that is, at any log level */
	int backlog;          /* for listen(2) */
	size_t max_peers;     /* of datagram sockets, with keep_open */
	size_t max_new_peers; /* that wait to be one of them */
	bool peers_share_sink; /* stream/peers.h */
	bool peers_are_answered;
	int unix_mode; /* --unix-mode, or -1 */

	/* Sockets to serve instead of all that; NULL or empty: none. */
	const struct inherited *inherited;

	listen_guard *guard; /* NULL: everybody may come in */
	listen_client *client;

	/* Called once all sockets are bound, before any client; or NULL. */
	void (*ready)(void *context, const struct listen_sockets *);

	/*
	 * Whether one more connection can be served; asked before each is
	 * accepted, and in each turn.  NULL: always.
	 */
	bool (*can_accept)(void *context);

	void *context; /* of these functions */
};

#endif
