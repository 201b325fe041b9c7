/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* LF to CRLF in what is sent, for line-based Internet protocols. */
#ifndef SOCKCAT_CODEC_CRLF_H
#define SOCKCAT_CODEC_CRLF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero at the start of a stream. */
struct crlf {
	bool after_cr; /* the last byte seen was a CR */
};

/*
 * Puts a CR before each LF that has none. out must hold twice the input.
 * Returns the number of bytes written to it.
 */
size_t crlf_encode(
    struct crlf *, const uint8_t *in, size_t length, uint8_t *out);

#endif
