/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A task that listens: it opens the sockets, and makes each client a stream.
 */
#ifndef SOCKCAT_LISTEN_LISTENER_H
#define SOCKCAT_LISTEN_LISTENER_H

struct listen_options;
struct listener;
struct task;

/*
 * Binds and listens on every address of the host, and says so.  The task ends
 * by itself after its first client unless keep_open is set.  The options'
 * strings must outlive it.  It takes over inherited sockets; a connected one
 * is its only client.  Returns NULL with errno.
 */
struct listener *listener_new(const struct listen_options *);

struct task *listener_task(struct listener *);

/*
 * Takes no new clients, and ends the peers of datagram sockets.  The task ends,
 * unless there is such a socket: answers still leave through it.
 */
void listener_stop(struct listener *);

#endif
