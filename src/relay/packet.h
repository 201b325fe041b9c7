/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The strategy for flows whose source or sink keeps messages apart.
 */
#ifndef SOCKCAT_RELAY_PACKET_H
#define SOCKCAT_RELAY_PACKET_H

#include "relay/strategy.h"

extern const struct strategy packet_strategy;

#endif
