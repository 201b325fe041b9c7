/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The errors that a datagram socket without a fixed peer collects about
 * datagrams it sent earlier: IP_RECVERR, ip(7).  Elsewhere errqueue_stub.c is
 * built instead, and such errors are not reported.
 */
#ifndef SOCKCAT_NET_ERRQUEUE_H
#define SOCKCAT_NET_ERRQUEUE_H

struct address;

/* Asks for the errors of an AF_INET or AF_INET6 socket. */
void errqueue_enable(int fd, int family);

/*
 * Takes the oldest error and the destination of the datagram that it is
 * about.  Returns an errno value, 0 when there is none, or -1 with errno
 * when the queue cannot be read.
 */
int errqueue_take(int fd, struct address *destination);

/*
 * Empties it, also if it cannot be read.  Each error is also told by a call
 * that fails, but until they are taken poll(2) never waits.  Returns the
 * oldest, or 0 if there is none or it is unknown.  Keeps errno.
 */
int errqueue_clear(int fd);

#endif
