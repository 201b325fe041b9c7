/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A chat: whatever somebody says is one line of the speaker's, without a
 * control character, and the same again when it is said once more.
 */
#include <assert.h>
#include <string.h>

#include "codec/chat.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static uint8_t out[CHAT_OUTPUT_MAX], again[CHAT_OUTPUT_MAX];
	size_t used, used_again;

	if (length > CHAT_LINE)
		length = CHAT_LINE;
	used = chat_line("<user1> ", bytes, length, out);
	assert(used >= 9 && used <= sizeof(out));
	assert(memcmp(out, "<user1> ", 8) == 0 && out[used - 1] == '\n');
	for (size_t i = 0; i + 1 < used; i++) {
		assert((out[i] >= ' ' || out[i] == '\t') && out[i] != 0x7f);
		assert(out[i] != 0xc2 || out[i + 1] >= 0xa0);
	}
	if (used - 8 > CHAT_LINE)
		return 0;
	used_again = chat_line("<user1> ", out + 8, used - 8, again);
	assert(used == used_again && memcmp(out, again, used) == 0);
	return 0;
}
