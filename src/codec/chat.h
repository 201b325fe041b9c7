/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Lines of a chat: the speaker's name comes first, and no text can look like
 * another line or move a terminal's cursor.
 */
#ifndef SOCKCAT_CODEC_CHAT_H
#define SOCKCAT_CODEC_CHAT_H

#include <stddef.h>
#include <stdint.h>

enum {
	CHAT_LINE = 4096,                      /* bytes of a line, at most */
	CHAT_OUTPUT_MAX = 4 * CHAT_LINE + 128, /* that a line can become */
};

/*
 * Writes the speaker, the line made safe, and a newline.  UTF-8 stays as it is,
 * but for characters that control a terminal or the direction of the text
 * (Unicode annex 9); those, and bytes that are no UTF-8, become \xHH. Returns
 * the length.
 */
size_t chat_line(const char *speaker, const uint8_t *line, size_t length,
    uint8_t out[CHAT_OUTPUT_MAX]);

#endif
