/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "cli/options_given.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "cli/rows.h"

static bool
is_named(const struct row *row, const char *name)
{
	if (row->name != NULL)
		return strcmp(row->name, name) == 0;
	return name[0] == row->letter && name[1] == '\0';
}

static const struct row *
row_named(const char *name)
{
	int i = 0;

	while (i < option_count && !is_named(&option_rows[i], name))
		i++;
	assert(i < option_count);
	return &option_rows[i];
}

bool
options_given_as(const struct options *options, const char *name)
{
	return options->given[row_named(name) - option_rows];
}

/* An option and its aliases set the same member. */
bool
options_given(const struct options *options, const char *name)
{
	const struct row *wanted = row_named(name);

	for (int i = 0; i < option_count; i++)
		if (options->given[i] && row_is_alias(&option_rows[i], wanted))
			return true;
	return false;
}

bool
options_has(const struct options *o, const char *name)
{
	if (strcmp(name, "listen") == 0)
		return o->listen || o->inetd;
	if (strcmp(name, "keep-open") == 0)
		return o->keep_open || o->broker || o->chat;
	if (strcmp(name, "unixsock") == 0)
		return o->unix_domain;
	if (strcmp(name, "udp") == 0)
		return o->udp;
	return options_given(o, name);
}

/* Whether the option is implied by the scheme of a TARGET. */
static bool
is_said_by_target(const struct options *o, const char *name)
{
	bool can_be = strcmp(name, "unixsock") == 0 || strcmp(name, "udp") == 0;

	return can_be && o->scheme != NULL && options_has(o, name) &&
	    !options_given(o, name);
}

const char *
options_spelling(const struct options *o, const char *name)
{
	static char spelling[2][64];
	static int turn;

	/* Two, so that one line can name two options. */
	turn = !turn;
	if (is_said_by_target(o, name))
		snprintf(spelling[turn], sizeof(spelling[turn]), "%s:TARGET",
		    o->scheme);
	else
		snprintf(spelling[turn], sizeof(spelling[turn]), "%s%s",
		    name[1] == '\0' ? "-" : "--", name);
	return spelling[turn];
}
