/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * How a flow ends: what the codes of its streams mean to it, and how its sink
 * is told.
 */
#ifndef SOCKCAT_RELAY_FLOW_END_H
#define SOCKCAT_RELAY_FLOW_END_H

#include "relay/flow.h"

/* Gives up what is held, since the sink takes no more. */
void flow_abandon(struct flow *, int error);

/*
 * The source is known to have failed, even if reading it does not tell: what it
 * still holds is passed on, followed by a failure instead of an end.
 */
void flow_fail_source(struct flow *, int error);

/* Whether an errno says that the peer has aborted the connection. */
bool flow_is_reset(int error);

/* For flow_step.c: gives up what the strategy keeps. */
void flow_clear_strategy(struct flow *);

/* For flow_step.c: what a read that brought nothing means; a code, and errno.
 */
void flow_source_ended(struct flow *, int code, int error);

/*
 * For flow_step.c: what a write that took nothing means; a code, errno, and how
 * long the message was, if it was one.
 */
void flow_sink_refused(struct flow *, int code, int error, size_t length);

/* For flow_step.c: poll(2) has told of events on the sink. */
void flow_check_sink(struct flow *, short events);

/* For flow_step.c: passes the end on once nothing is held. */
void flow_pass_end(struct flow *, int64_t now);

#endif
