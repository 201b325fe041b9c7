/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Standard input and output as a stream.
 *
 * Both are inherited: other processes share their open files, so no flag of
 * theirs may change, least of all O_NONBLOCK.
 */
#ifndef SOCKCAT_STREAM_STDIO_H
#define SOCKCAT_STREAM_STDIO_H

#include <stdbool.h>

struct stream;

struct stdio_options {
	bool no_input;    /* -d: nothing is read, and there is no end */
	bool no_output;   /* --send-only: what is written vanishes */
	bool keep_output; /* -k: shut leaves standard output open */
};

/*
 * Opens /dev/null for those of descriptors 0, 1 and 2 that are closed:
 * reading finds the end, writing to standard output fails.  To be called
 * before anything else opens a descriptor.  Returns 0, or -1 with errno.
 */
int stdio_fill(void);

/* Returns NULL with errno. */
struct stream *stdio_new(const struct stdio_options *);

#endif
