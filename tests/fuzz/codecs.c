/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Telnet and CRLF: the same bytes give the same result however reads cut
 * them, and nothing is written past the room that the contract asks for.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "codec/crlf.h"
#include "codec/telnet.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void *
room(size_t length)
{
	void *bytes = malloc(length + 1);

	if (bytes == NULL)
		abort();
	return bytes;
}

static void
telnet(const uint8_t *bytes, size_t length, size_t cut)
{
	struct telnet whole = { 0 }, pieces = { 0 };
	uint8_t *data = room(length), *answers = room(length + 3);
	uint8_t *data2 = room(length + 3), *answers2 = room(length + 6);
	size_t d, a, d1, a1, d2, a2;

	telnet_decode(&whole, bytes, length, data, &d, answers, &a);
	telnet_decode(&pieces, bytes, cut, data2, &d1, answers2, &a1);
	telnet_decode(&pieces, bytes + cut, length - cut, data2 + d1, &d2,
	    answers2 + a1, &a2);
	assert(d == d1 + d2 && memcmp(data, data2, d) == 0);
	assert(a == a1 + a2 && memcmp(answers, answers2, a) == 0);
	assert(a % 3 == 0);
	free(data);
	free(answers);
	free(data2);
	free(answers2);
}

static void
crlf(const uint8_t *bytes, size_t length, size_t cut)
{
	struct crlf whole = { 0 }, pieces = { 0 };
	uint8_t *out = room(2 * length), *out2 = room(2 * length);
	size_t n = crlf_encode(&whole, bytes, length, out);
	size_t n2 = crlf_encode(&pieces, bytes, cut, out2);

	n2 += crlf_encode(&pieces, bytes + cut, length - cut, out2 + n2);
	assert(n == n2 && memcmp(out, out2, n) == 0);
	for (size_t i = 0; i < n; i++)
		assert(out[i] != '\n' || (i > 0 && out[i - 1] == '\r'));
	free(out);
	free(out2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	size_t cut = length == 0 ? 0 : bytes[0] % (length + 1);

	telnet(bytes, length, cut);
	crlf(bytes, length, cut);
	return 0;
}
