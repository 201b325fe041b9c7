/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * RFC 3629 has the forms of UTF-8 that are well-formed.
 */
#include "relay/chat.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The length of the character that bytes begin, or 0 if it is none. */
static size_t
decode(const uint8_t *bytes, size_t length, uint32_t *character)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = 1;

	if (bytes[0] >= 0xf8 || (bytes[0] & 0xc0) == 0x80)
		return 0;
	if (bytes[0] >= 0xc0)
		n = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
	if (n > length)
		return 0;
	*character = n == 1 ? bytes[0] : bytes[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*character = *character << 6 | (bytes[i] & 0x3f);
	}
	if (*character < least[n] || *character > 0x10ffff ||
	    (*character >= 0xd800 && *character <= 0xdfff))
		return 0;
	return n;
}

static bool
is_safe(uint32_t c)
{
	if (c < 0x20)
		return c == '\t';
	if (c >= 0x7f && c < 0xa0)
		return false;
	/* Marks, embeddings, overrides and isolates of direction; lines. */
	return c != 0x061c && c != 0x200e && c != 0x200f &&
	    !(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069);
}

static size_t
escape(const uint8_t *bytes, size_t length, uint8_t *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < length; i++) {
		*out++ = '\\';
		*out++ = 'x';
		*out++ = (uint8_t)digits[bytes[i] >> 4];
		*out++ = (uint8_t)digits[bytes[i] & 0xf];
	}
	return 4 * length;
}

size_t
chat_line(const char *speaker, const uint8_t *line, size_t length,
    uint8_t out[CHAT_ROOM])
{
	size_t used = strlen(speaker);

	memcpy(out, speaker, used);
	if (length > 0 && line[length - 1] == '\n')
		length--;
	if (length > 0 && line[length - 1] == '\r')
		length--;
	while (length > 0) {
		uint32_t character = 0;
		size_t n = decode(line, length, &character);

		if (n > 0 && is_safe(character)) {
			memcpy(out + used, line, n);
			used += n;
		} else {
			n = n == 0 ? 1 : n;
			used += escape(line, n, out + used);
		}
		line += n;
		length -= n;
	}
	out[used++] = '\n';
	return used;
}
