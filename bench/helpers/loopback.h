/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Sockets on 127.0.0.1.  Type is SOCK_STREAM or SOCK_DGRAM; a failure ends the
 * program.
 */
#ifndef BENCH_HELPERS_LOOPBACK_H
#define BENCH_HELPERS_LOOPBACK_H

/* A bound socket; for streams a listening one. */
int loopback_listen(int port, int type);

/*
 * A connected socket, without Nagle's algorithm.  Each process connects from
 * an address of its own, so that ports in TIME_WAIT never run out.
 */
int loopback_connect(int port, int type);

#endif
