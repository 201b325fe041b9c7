/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "codec/chat.h"

#include <string.h>

#include "codec/printable.h"

size_t
chat_line(const char *speaker, const uint8_t *line, size_t length,
    uint8_t out[CHAT_OUTPUT_MAX])
{
	size_t used = strlen(speaker);

	memcpy(out, speaker, used);
	if (length > 0 && line[length - 1] == '\n')
		length--;
	if (length > 0 && line[length - 1] == '\r')
		length--;
	used += printable_escape(
	    line, length, "\t", (char *)out + used, CHAT_OUTPUT_MAX - used);
	out[used++] = '\n';
	return used;
}
