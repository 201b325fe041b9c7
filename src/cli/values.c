/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Parsers without state, each checked by tests/unit/values.c and a fuzzer.
 */
#include "cli/values.h"

#include <errno.h>
#include <libutil.h>
#include <stdlib.h>
#include <string.h>

static const char time_allowed[] =
    "must be a time such as 5, 0.5, 250ms, 2s, 1m, 1h";

const char *
value_time(const char *text, int64_t *milliseconds)
{
	static const struct {
		const char *name;
		double factor;
	} units[] = {
		{ "", 1e3 },
		{ "ms", 1 },
		{ "s", 1e3 },
		{ "m", 60e3 },
		{ "h", 3600e3 },
	};
	size_t digits = strspn(text, "0123456789.");
	double value;
	char *end;

	/* No sign, exponent, hexadecimal or "inf", which strtod(3) knows. */
	value = strtod(text, &end);
	if (digits == 0 || end != text + digits)
		return time_allowed;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].name) != 0)
			continue;
		value *= units[i].factor;
		if (value > 1e15)
			return time_allowed;
		/* A time that is not 0 is never rounded to 0. */
		*milliseconds = (int64_t)value + (value > (int64_t)value);
		return NULL;
	}
	return time_allowed;
}

const char *
value_size(const char *text, uint64_t *bytes)
{
	static const char allowed[] = "must be a size such as 512, 64k, 1M, 2G";

	size_t digits = strspn(text, "0123456789");
	size_t unit = strspn(text + digits, "kKmMgGtT");

	/* expand_number(3) ignores characters after the unit. */
	if (digits == 0 || unit > 1 || text[digits + unit] != '\0' ||
	    expand_number(text, bytes) == -1)
		return allowed;
	return *bytes > INT64_MAX ? allowed : NULL;
}

const char *
value_mode(const char *text, int *mode)
{
	static const char allowed[] = "must be an octal mode from 0 to 777";
	char *end;
	long value;

	if (text[0] < '0' || text[0] > '7')
		return allowed;
	errno = 0;
	value = strtol(text, &end, 8);
	if (errno != 0 || *end != '\0' || value > 0777)
		return allowed;
	*mode = (int)value;
	return NULL;
}

/* RFC 2474, RFC 2597, RFC 3246; the older names are those of RFC 1349. */
static const struct {
	const char *name;
	int tos;
} tos_names[] = {
	{ "af11", 0x28 },
	{ "af12", 0x30 },
	{ "af13", 0x38 },
	{ "af21", 0x48 },
	{ "af22", 0x50 },
	{ "af23", 0x58 },
	{ "af31", 0x68 },
	{ "af32", 0x70 },
	{ "af33", 0x78 },
	{ "af41", 0x88 },
	{ "af42", 0x90 },
	{ "af43", 0x98 },
	{ "cs0", 0x00 },
	{ "cs1", 0x20 },
	{ "cs2", 0x40 },
	{ "cs3", 0x60 },
	{ "cs4", 0x80 },
	{ "cs5", 0xa0 },
	{ "cs6", 0xc0 },
	{ "cs7", 0xe0 },
	{ "critical", 0xa0 },
	{ "ef", 0xb8 },
	{ "inetcontrol", 0xc0 },
	{ "lowcost", 0x02 },
	{ "lowdelay", 0x10 },
	{ "netcontrol", 0xe0 },
	{ "reliability", 0x04 },
	{ "throughput", 0x08 },
};

const char *
value_tos(const char *text, int *tos)
{
	static const char allowed[] =
	    "must be critical, lowdelay, ef, af11 to af43, cs0 to cs7, "
	    "or a number from 0 to 255";
	char *end;
	long value;

	for (size_t i = 0; i < sizeof(tos_names) / sizeof(tos_names[0]); i++) {
		if (strcmp(text, tos_names[i].name) == 0) {
			*tos = tos_names[i].tos;
			return NULL;
		}
	}
	if (text[0] < '0' || text[0] > '9')
		return allowed;
	errno = 0;
	value = strtol(text, &end, 0);
	if (errno != 0 || *end != '\0' || value > 255)
		return allowed;
	*tos = (int)value;
	return NULL;
}

const char *
value_host_port(char *copy, const char **host, const char **port)
{
	static const char allowed[] = "must be host:port or [address]:port";
	char *end;

	if (copy[0] == '[') {
		end = strchr(copy, ']');
		if (end == NULL || end == copy + 1 || end[1] != ':' ||
		    end[2] == '\0')
			return allowed;
		*end = '\0';
		*host = copy + 1;
		*port = end + 2;
		return NULL;
	}
	end = strrchr(copy, ':');
	if (end == NULL || end == copy || end[1] == '\0')
		return allowed;
	/* In an IPv6 address without brackets the port cannot be found. */
	if (strchr(copy, ':') != end)
		return allowed;
	*end = '\0';
	*host = copy;
	*port = end + 1;
	return NULL;
}

const char *
value_log_format(const char *text, enum event_format *format)
{
	if (strcmp(text, "text") == 0)
		*format = EVENT_AS_TEXT;
	else if (strcmp(text, "json") == 0)
		*format = EVENT_AS_JSON;
	else
		return "must be text or json";
	return NULL;
}

const char *
value_strategy(const char *text, enum strategy_choice *choice, bool *one_by_one)
{
	if (strcmp(text, "copy") == 0)
		*choice = STRATEGY_COPY;
	else if (strcmp(text, "splice") == 0)
		*choice = STRATEGY_SPLICE;
	else if (strcmp(text, "single") == 0)
		*one_by_one = true;
	else
		return "must be copy, splice or single";
	return NULL;
}
