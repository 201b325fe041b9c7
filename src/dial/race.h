/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The stage of a dial that connects: RFC 8305 section 5.  Addresses are tried
 * in order, the next one after 250 ms or as soon as one fails, and the first
 * connection wins.
 */
#ifndef SOCKCAT_DIAL_RACE_H
#define SOCKCAT_DIAL_RACE_H

extern const struct stage_ops connect_stage;

#endif
