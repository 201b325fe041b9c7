/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Standard input and output of a hub: what all its members share.  For
 * hub/hub.c alone, whose task these are parts of.
 */
#ifndef SOCKCAT_HUB_HUBIO_H
#define SOCKCAT_HUB_HUBIO_H

#include <stdint.h>

struct hub;
struct poll_set;

void hubio_want(struct hub *, struct poll_set *);
int64_t hubio_deadline(const struct hub *);
void hubio_step(struct hub *, const struct poll_set *, int64_t now);

#endif
