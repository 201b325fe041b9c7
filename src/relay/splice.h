/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* The strategy for bytes that stay in the kernel. */
#ifndef SOCKCAT_RELAY_SPLICE_H
#define SOCKCAT_RELAY_SPLICE_H

#include "relay/strategy.h"

/* NULL where the kernel cannot move a flow's bytes by itself. */
const struct strategy *splice_strategy_for(const struct flow *);

#endif
