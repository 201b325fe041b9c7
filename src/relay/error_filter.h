/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Tells the errors of datagrams, without filling the log for a peer that is not
 * there: one line begins a run of errors, and another one, with their number,
 * ends it.
 */
#ifndef SOCKCAT_RELAY_ERROR_FILTER_H
#define SOCKCAT_RELAY_ERROR_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct stream;

/* The errors of one of two streams. */
struct error_run {
	const struct stream *about;
	const char *name; /* in lines */
	int last;     /* errno last reported; 0: none since a datagram came */
	size_t count; /* errors since then */
};

/* All zero: none.  The two flows of a relay share it. */
struct error_filter {
	struct error_run runs[2];
	bool are_any;
};

/*
 * An errno that a datagram to or from a stream met, and its length, 0 if it
 * does not matter.  The name must live as long as the stream.
 */
void error_filter_add(struct error_filter *, const struct stream *,
    const char *name, int error, size_t length);

/* A datagram has come from a stream. */
void error_filter_heard(struct error_filter *, const struct stream *);

/* Nothing more will come: reports what has not been reported. */
void error_filter_end(struct error_filter *);

#endif
