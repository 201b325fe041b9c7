/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * One object of JSON (RFC 8259), member by member, into memory of a fixed
 * size.  What does not fit is not written: the object is then not complete,
 * and json_end() says so.
 */
#ifndef SOCKCAT_CODEC_JSON_H
#define SOCKCAT_CODEC_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
	char *out;
	size_t size, length;
	bool has_member; /* of the innermost object: a comma goes first */
	bool is_cut;
};

/* Begins an object. */
void json_begin(struct json *, char *out, size_t size);

/*
 * Members.  Text is UTF-8 that ends with a NUL; no more than its first max
 * bytes are written, in whole characters.
 */
void json_text(struct json *, const char *name, const char *text, size_t max);
void json_integer(struct json *, const char *name, int64_t value);
void json_decimal(struct json *, const char *name, double value);

/* A member that is an object itself, until json_close(). */
void json_open(struct json *, const char *name);
void json_close(struct json *);

/* Ends the object.  Returns its length, or 0 if it did not fit. */
size_t json_end(struct json *);

#endif
