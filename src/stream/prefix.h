/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Bytes that were read from a stream and are to be read again: what a
 * handshake took too much of.  For stream_unread() alone.
 */
#ifndef SOCKCAT_STREAM_PREFIX_H
#define SOCKCAT_STREAM_PREFIX_H

#include <stddef.h>

struct prefix;

/*
 * Copies bytes, to be taken before those of an older prefix, or NULL, which is
 * freed.  Returns NULL with errno, and the older one stays.
 */
struct prefix *prefix_new(
    const void *bytes, size_t length, struct prefix *older);
void prefix_free(struct prefix *);

/* Bytes that are left. */
size_t prefix_length(const struct prefix *);

/* Takes up to so many bytes.  Returns how many. */
size_t prefix_take(struct prefix *, void *bytes, size_t length);

#endif
