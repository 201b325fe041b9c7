/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Bytes from untrusted sources, as a line may show them: names, paths, what is
 * said in a chat.
 */
#ifndef SOCKCAT_CODEC_PRINTABLE_H
#define SOCKCAT_CODEC_PRINTABLE_H

#include <stddef.h>

/*
 * Writes bytes and a NUL. UTF-8 stays as it is, but for characters that control
 * a terminal or the direction of the text (Unicode annex 9); those, and bytes
 * that are no UTF-8, become \xHH, up to four times as long.  Characters in keep
 * stay, too.  What does not fit is left out, by whole characters.  Returns the
 * length without the NUL.
 */
size_t printable_escape(
    const void *bytes, size_t length, const char *keep, char *out, size_t size);

#endif
