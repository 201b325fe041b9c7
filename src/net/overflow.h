/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Datagrams that the system dropped because a socket's receive buffer was
 * full: it counts them (SO_MEMINFO) and tells nobody who does not ask.
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
 * Some datagrams were read, and the queue is empty or is not: logs how many
 * were dropped since, once in a second at most.  Asks the system only after
 * so many that the buffer may have been full.
 */
void overflow_read(
    struct overflow *, int fd, const char *name, int count, bool is_empty);

/* The socket will be read no more: logs what has not been told. */
void overflow_end(struct overflow *, int fd, const char *name);

#endif
