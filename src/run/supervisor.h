/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a supervisor (systemd, inetd, s6) gave this process: sockets to serve,
 * and where to report that they are served.
 */
#ifndef SOCKCAT_RUN_SUPERVISOR_H
#define SOCKCAT_RUN_SUPERVISOR_H

#include <stdbool.h>

#include "listen/inherited.h"
#include "run/ready.h"

struct plan;

struct supervisor {
	struct inherited sockets;
	struct ready ready;
};

/*
 * Takes what there is for the plan, nothing unless it listens.  Returns false
 * after it reported what is wrong, with the status to exit with.
 */
bool supervisor_init(struct supervisor *, const struct plan *, int *status);

void supervisor_clear(struct supervisor *);

#endif
