/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The target of --forward.
 */
#ifndef SOCKCAT_CLI_FORWARD_TARGET_H
#define SOCKCAT_CLI_FORWARD_TARGET_H

struct options;
struct plan;

/*
 * Fills the plan's target: "unix:path", or "host:port", of the listener's own
 * kind unless "tcp:" or "udp:" stands in front.  Returns 0, or -1 after it
 * reported what is wrong.
 */
int forward_target(struct plan *, const struct options *);

#endif
