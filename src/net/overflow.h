/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Datagrams that the system dropped because a socket's receive buffer was full:
 * the system counts them (SO_MEMINFO), but reports nothing by itself.
 */
#ifndef SOCKCAT_NET_OVERFLOW_H
#define SOCKCAT_NET_OVERFLOW_H

#include <stdbool.h>
#include <stdint.h>

/* All zero: nothing was read yet. */
struct overflow {
	uint32_t told;    /* of those that were dropped */
	unsigned run;     /* datagrams read since it was last asked for */
	int64_t quiet_to; /* loop_now(); no second line before */
};

/*
 * Datagrams were read, and the queue is now empty or not: reports how many were
 * dropped since, at most once a second.  Asks the system only after so many
 * datagrams that the buffer may have been full.
 */
void overflow_read(
    struct overflow *, int fd, const char *name, int count, bool is_empty);

/* The socket will not be read any more: reports what has not been reported. */
void overflow_end(struct overflow *, int fd, const char *name);

#endif
