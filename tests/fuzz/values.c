/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Command line values: whatever the text, a parser says what is allowed or
 * stores a number in range.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cli/scheme.h"
#include "cli/values.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1);
	const char *host, *port;
	int64_t time;
	uint64_t size;
	int mode, tos;

	if (text == NULL)
		abort();
	memcpy(text, bytes, length);
	text[length] = '\0';
	if (value_time(text, &time) == NULL)
		assert(time >= 0);
	if (value_size(text, &size) == NULL)
		assert(size <= INT64_MAX);
	if (value_mode(text, &mode) == NULL)
		assert(mode >= 0 && mode <= 0777);
	if (value_tos(text, &tos) == NULL)
		assert(tos >= 0 && tos <= 255);
	if (scheme_parse(text, &host) != SCHEME_NONE)
		assert(endpoint_is_target(text) && host > text);
	if (value_host_port(text, &host, &port) == NULL)
		assert(host[0] != '\0' && port[0] != '\0');
	free(text);
	return 0;
}
