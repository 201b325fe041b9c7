/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Standard streams, for the files that share them: stdio_open.c finds out
 * what they are, stdio.c reads and writes.
 */
#ifndef SOCKCAT_STREAM_STDIO_IMPL_H
#define SOCKCAT_STREAM_STDIO_IMPL_H

#include <stdbool.h>
#include <stddef.h>

#include "stream/stdio.h"
#include "stream/stream.h"

enum stdio_file_kind {
	STDIO_FILE,    /* always ready */
	STDIO_PRIVATE, /* opened anew, non-blocking */
	STDIO_PACED,   /* to be asked by poll(2) first */
	STDIO_SOCKET,  /* calls do not wait by argument */
};

struct stdio {
	struct stream stream;
	enum stdio_file_kind in_kind, out_kind;
	int in_type;      /* SO_TYPE of a socket on standard input */
	size_t paced_max; /* bytes that a sink that is ready takes */
	bool keeps_output;
	bool is_one_socket; /* for both, and not ours alone */
};

/* stdio_open.c: fills what depends on the descriptor; the input first. */
void stdio_open_input(struct stdio *);
void stdio_open_output(struct stdio *);

/* Whether the other end is closed. */
bool stdio_has_hung_up(int fd);

#endif
