/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * An event as an object of JSON (RFC 8259): time, event, level, message, and
 * the fields of its row.
 */
#ifndef SOCKCAT_OBSERVE_AS_JSON_H
#define SOCKCAT_OBSERVE_AS_JSON_H

#include <stddef.h>

#include "observe/events.h"
#include "observe/fields.h"

/*
 * Always a whole object, without a NUL: texts in it are shortened until it
 * fits, which takes a kilobyte.  Returns the length.
 */
size_t as_json(char *out, size_t size, const struct event_row *,
    const struct event_fields *);

#endif
