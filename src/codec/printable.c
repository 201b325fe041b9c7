/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * RFC 3629 has the forms of UTF-8 that are well-formed.
 */
#include "codec/printable.h"

#include <stdbool.h>
#include <stdint.h>
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
is_safe(uint32_t c, const char *keep)
{
	if (c < 0x20)
		return c != 0 && strchr(keep, (int)c) != NULL;
	if (c >= 0x7f && c < 0xa0)
		return false;
	/* Marks, embeddings, overrides and isolates of direction; lines. */
	return c != 0x061c && c != 0x200e && c != 0x200f &&
	    !(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069);
}

static void
escape(const uint8_t *bytes, size_t length, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < length; i++) {
		*out++ = '\\';
		*out++ = 'x';
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 0xf];
	}
}

size_t
printable_escape(
    const void *bytes, size_t length, const char *keep, char *out, size_t size)
{
	const uint8_t *from = bytes;
	size_t used = 0;

	while (length > 0) {
		uint32_t character = 0;
		size_t n = decode(from, length, &character);
		bool is_shown = n > 0 && is_safe(character, keep);
		size_t wanted;

		if (n == 0)
			n = 1;
		wanted = is_shown ? n : 4 * n;
		if (used + wanted >= size)
			break;
		if (is_shown)
			memcpy(out + used, from, n);
		else
			escape(from, n, out + used);
		used += wanted;
		from += n;
		length -= n;
	}
	out[used] = '\0';
	return used;
}
