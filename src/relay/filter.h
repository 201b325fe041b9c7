/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What happens to bytes between a source and the buffer of its flow.
 */
#ifndef SOCKCAT_RELAY_FILTER_H
#define SOCKCAT_RELAY_FILTER_H

#include "relay/flow.h"

/* Whether a filter changes the bytes. */
bool flow_is_filtered(const struct flow *);

/*
 * Reads at most length bytes, which filters may make four times as many, into
 * the buffer, and counts them.  Returns a stream's code.
 */
int64_t flow_read(struct flow *, size_t length);

#endif
