/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Listening: a task that owns the bound sockets and turns each client into
 * a stream.
 */
#ifndef SOCKCAT_LISTEN_LISTEN_H
#define SOCKCAT_LISTEN_LISTEN_H

#include <stdbool.h>

#include "net/socket.h"

struct address;
struct listen_sockets;
struct inherited;
struct listener;
struct stream;
struct task;
struct transport;

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

	/*
	 * Called with the context once every socket is bound, before the
	 * first client.  NULL: nobody wants to know.
	 */
	void (*ready)(void *context, const struct listen_sockets *);

	/*
	 * Asked before each connection is accepted, and whenever one might
	 * be: whether it can be served.  NULL: always.
	 */
	bool (*can_accept)(void *context);
};

/*
 * Called from the listener's step: with a client's stream, which is the
 * callee's, or with NULL once it has reported why it cannot listen.
 */
typedef void listen_client(void *context, struct stream *);

/* Whether a client at that address may come in; asked before all else. */
typedef bool listen_guard(void *context, const struct address *);

/*
 * A task that binds and listens on every address of the host, and says so.
 * It ends by itself after its first client unless keep_open is set.  The
 * options' strings must outlive it.  It takes over the descriptors that are
 * inherited; a connected one is its only client.  Returns NULL with errno.
 */
struct listener *listener_new(const struct listen_options *, listen_client *,
    listen_guard *, void *context);

struct task *listener_task(struct listener *);

/*
 * Takes no new clients, and peers of datagram sockets come to their end.  The
 * task ends, unless there are such sockets, over which answers still leave.
 */
void listener_stop(struct listener *);

#endif
