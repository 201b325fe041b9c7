/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The strategy that works for all streams; its parts are used by strategies
 * that need it only at times.
 */
#ifndef SOCKCAT_RELAY_COPY_H
#define SOCKCAT_RELAY_COPY_H

#include "relay/strategy.h"

extern const struct strategy copy_strategy;

bool copy_can_read(const struct flow *);
bool copy_has_data(const struct flow *);
struct strategy_result copy_fill(struct flow *);
struct strategy_result copy_drain(struct flow *);

#endif
