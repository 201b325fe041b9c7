/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a supervisor (systemd, inetd, s6) gave this process: sockets to
 * serve, and somebody to tell when they are.
 */
#ifndef SOCKCAT_RUN_SUPERVISOR_H
#define SOCKCAT_RUN_SUPERVISOR_H

#include "listen/inherit.h"
#include "run/ready.h"

struct plan;

struct supervisor {
	struct inherited sockets;
	struct ready ready;
};

/*
 * Takes what there is for the plan, nothing unless it listens.  Returns -1
 * to go on, or after it reported why not, the status to exit with.
 */
int supervisor_init(struct supervisor *, const struct plan *);

void supervisor_clear(struct supervisor *);

#endif
