/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * How a connected datagram stream gets another address of its peer: the dial
 * knows the addresses, the stream knows when one is needed.
 */
#ifndef SOCKCAT_STREAM_RECONNECT_H
#define SOCKCAT_STREAM_RECONNECT_H

#include <stdbool.h>
#include <stddef.h>

struct address;
struct reconnect;

struct reconnect_ops {
	/* A datagram was sent: it is kept, if it is one of the first. */
	void (*sent)(struct reconnect *, const void *, size_t length);

	/* Something has come from the peer. */
	void (*answered)(struct reconnect *);

	/*
	 * A call on the connected socket failed with an errno, or is about to
	 * be made (0).  Returns true if the socket is connected anew, and what
	 * was kept has been sent again.  It has the same descriptor, but none
	 * of the options that are set after it was opened; errors about the
	 * past are forgotten.
	 */
	bool (*recover)(struct reconnect *, int fd, int error);

	/* The address it is connected to. */
	const struct address *(*peer)(const struct reconnect *);

	void (*free)(struct reconnect *);
};

/* The first member of what implements it. */
struct reconnect {
	const struct reconnect_ops *ops;
};

#endif
