/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A stream over a connected SOCK_STREAM socket: TCP, MPTCP, SCTP, unix,
 * vsock.
 */
#ifndef SOCKCAT_STREAM_CONNECTION_H
#define SOCKCAT_STREAM_CONNECTION_H

struct address;
struct socket_options;
struct stream;
struct transport;

/*
 * Takes over a connected, non-blocking socket that has been opened with the
 * options, or accepted from one that has; the peer's address is for error
 * lines.  Returns NULL with errno, and the socket closed.
 */
struct stream *connection_new(int fd, const struct transport *,
    const struct socket_options *, const struct address *peer);

#endif
