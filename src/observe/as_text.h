/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * An event as a line of text.
 */
#ifndef SOCKCAT_OBSERVE_AS_TEXT_H
#define SOCKCAT_OBSERVE_AS_TEXT_H

#include <stddef.h>

#include "observe/events.h"
#include "observe/fields.h"

/*
 * What the row says with these values, and a NUL.  What does not fit is cut
 * off.  Returns the length.
 */
size_t as_text(char *out, size_t size, const struct event_row *,
    const struct event_fields *);

#endif
