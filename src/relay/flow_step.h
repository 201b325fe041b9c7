/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The steps of a flow, for the task that drives it.
 */
#ifndef SOCKCAT_RELAY_FLOW_STEP_H
#define SOCKCAT_RELAY_FLOW_STEP_H

#include "relay/flow.h"
#include "relay/flow_end.h"

struct poll_set;

/* Borrows the streams and picks the strategy that fits them. */
void flow_init(struct flow *, const char *name, struct stream *from,
    struct stream *to, const struct flow_options *);
void flow_clear(struct flow *);

/* The parts of the owner's task. */
void flow_want(struct flow *, struct poll_set *);
int64_t flow_deadline(const struct flow *);
void flow_step(struct flow *, const struct poll_set *, int64_t now);

/* Reads no more; what is held is still written by later steps. */
void flow_finish(struct flow *, int64_t now);

/*
 * Reads what is available, at most so many bytes, and writes what the sink
 * takes, without waiting: there will be no more steps.
 */
void flow_hurry(struct flow *, size_t length);

/* Frees the memory of a flow that holds nothing, until it reads again. */
void flow_trim(struct flow *);

#endif
