/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The first two stages of a dial: where to connect from, if the user cares,
 * and where to connect to.
 */
#ifndef SOCKCAT_DIAL_HOSTS_H
#define SOCKCAT_DIAL_HOSTS_H

extern const struct stage_ops source_stage, resolve_stage;

#endif
