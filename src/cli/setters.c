/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "cli/setters.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/options.h"
#include "cli/values.h"

static void *
member_of(const struct row *row, struct options *options)
{
	return (char *)options + row->member;
}

const char *
set_true(const struct row *row, struct options *options, const char *text)
{
	(void)text;
	*(bool *)member_of(row, options) = true;
	return NULL;
}

/* A number that the row itself gives, such as an address family. */
const char *
set_value(const struct row *row, struct options *options, const char *text)
{
	(void)text;
	*(int *)member_of(row, options) = (int)row->least;
	return NULL;
}

const char *
set_more(const struct row *row, struct options *options, const char *text)
{
	(void)text;
	++*(int *)member_of(row, options);
	return NULL;
}

const char *
set_text(const struct row *row, struct options *options, const char *text)
{
	*(const char **)member_of(row, options) = text;
	return NULL;
}

/* The protocol's name is the option's. */
const char *
set_name(const struct row *row, struct options *options, const char *text)
{
	(void)text;
	return set_text(row, options, row->name);
}

static const char *
out_of_range(const struct row *row)
{
	static char allowed[80];

	snprintf(allowed, sizeof(allowed), "must be from %lld to %lld",
	    row->least, row->max);
	return allowed;
}

const char *
set_log_format(const struct row *row, struct options *options, const char *text)
{
	return value_log_format(text, member_of(row, options));
}

/* A plain number, or a size with its unit, in the row's range. */
static const char *
in_range(const struct row *row, const char *text, bool is_size, uint64_t *value)
{
	const char *bad;

	if (is_size) {
		bad = value_size(text, value);
		if (bad != NULL)
			return bad;
		if (*value >= (uint64_t)row->least &&
		    *value <= (uint64_t)row->max)
			return NULL;
	} else {
		*value = (uint64_t)strtonum(text, row->least, row->max, &bad);
		if (bad == NULL)
			return NULL;
	}
	return out_of_range(row);
}

const char *
set_number(const struct row *row, struct options *options, const char *text)
{
	uint64_t value;
	const char *bad = in_range(row, text, false, &value);

	if (bad == NULL)
		*(int *)member_of(row, options) = (int)value;
	return bad;
}

const char *
set_count(const struct row *row, struct options *options, const char *text)
{
	return in_range(row, text, false, member_of(row, options));
}

/* A size that fits an int, as setsockopt(2) wants it. */
const char *
set_buffer(const struct row *row, struct options *options, const char *text)
{
	uint64_t value;
	const char *bad = in_range(row, text, true, &value);

	if (bad == NULL)
		*(int *)member_of(row, options) = (int)value;
	return bad;
}

const char *
set_size(const struct row *row, struct options *options, const char *text)
{
	return in_range(row, text, true, member_of(row, options));
}

const char *
set_time(const struct row *row, struct options *options, const char *text)
{
	int64_t time;
	const char *bad = value_time(text, &time);

	if (bad != NULL)
		return bad;
	if (time < row->least)
		return "must be more than 0";
	*(int64_t *)member_of(row, options) = time;
	return NULL;
}

/* A negative time means never, as in nc. */
const char *
set_hold(const struct row *row, struct options *options, const char *text)
{
	const char *bad;

	if (text[0] != '-')
		return set_time(row, options, text);
	strtonum(text, -1, -1, &bad);
	if (bad != NULL)
		return "must be a time such as 5 or 0.5s, or -1 for never";
	*(int64_t *)member_of(row, options) = -1;
	return NULL;
}

/* The kernel counts in seconds, and in 16 bits of them. */
const char *
set_keepalive(const struct row *row, struct options *options, const char *text)
{
	enum { LONGEST_MS = 9 * 60 * 60 * 1000 };
	int64_t time;
	const char *bad = value_time(text, &time);

	if (bad != NULL)
		return bad;
	if (time != 0 && (time < 1000 || time > LONGEST_MS))
		return "must be from 1s to 9h, or 0 for never";
	*(int64_t *)member_of(row, options) = time;
	return NULL;
}

const char *
set_mode(const struct row *row, struct options *options, const char *text)
{
	return value_mode(text, member_of(row, options));
}

const char *
set_tos(const struct row *row, struct options *options, const char *text)
{
	return value_tos(text, member_of(row, options));
}

const char *
set_repeated(const struct row *row, struct options *options, const char *text)
{
	struct repeated *words = member_of(row, options);

	if (words->count == REPEATED_MAX)
		return "has been given too often";
	words->items[words->count++] = text;
	return NULL;
}
