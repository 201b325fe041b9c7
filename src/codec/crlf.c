/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* The state lasts between calls: a read may split a CRLF. */
#include "codec/crlf.h"

size_t
crlf_encode(struct crlf *crlf, const uint8_t *in, size_t length, uint8_t *out)
{
	size_t written = 0;

	for (size_t i = 0; i < length; i++) {
		if (in[i] == '\n' && !crlf->after_cr)
			out[written++] = '\r';
		out[written++] = in[i];
		crlf->after_cr = in[i] == '\r';
	}
	return written;
}
