/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Each variable has two names: ours, and the one that ncat has for it, so
 * that commands written for ncat work.
 */
#include "child/environment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/address.h"
#include "net/address_text.h"
#include "net/transport.h"
#include "stream/stream.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { REMOTE_ADDR, REMOTE_PORT, LOCAL_ADDR, LOCAL_PORT, PROTO, FACTS };

static const struct {
	int fact;
	const char *name;
} variables[] = {
	{ REMOTE_ADDR, "SOCKCAT_REMOTE_ADDR" },
	{ REMOTE_PORT, "SOCKCAT_REMOTE_PORT" },
	{ LOCAL_ADDR, "SOCKCAT_LOCAL_ADDR" },
	{ LOCAL_PORT, "SOCKCAT_LOCAL_PORT" },
	{ PROTO, "SOCKCAT_PROTO" },
	{ REMOTE_ADDR, "NCAT_REMOTE_ADDR" },
	{ REMOTE_PORT, "NCAT_REMOTE_PORT" },
	{ LOCAL_ADDR, "NCAT_LOCAL_ADDR" },
	{ LOCAL_PORT, "NCAT_LOCAL_PORT" },
	{ PROTO, "NCAT_PROTO" },
};

_Static_assert(
    ENVIRONMENT_ADDED == COUNT(variables) + 1, "each variable has room");

static const char *const private[] = { "LISTEN_PID", "LISTEN_FDS",
	"LISTEN_FDNAMES", "NOTIFY_SOCKET" };

void
environment_prepare(void)
{
	for (size_t i = 0; i < COUNT(variables); i++)
		unsetenv(variables[i].name);
	for (size_t i = 0; i < COUNT(private); i++)
		unsetenv(private[i]);
}

static void
describe_address(const struct address *a, char *host, char *port)
{

	if (a->length == 0)
		return;
	/* A client's unix socket mostly has no name. */
	if (address_family(a) == AF_UNIX) {
		address_name(a, host);
		return;
	}
	address_host(a, host, ADDRESS_TEXT);
	if (address_has_port(a))
		snprintf(port, ADDRESS_TEXT, "%" PRIu32, address_port(a));
}

static size_t
add_client(struct environment *e, size_t count, struct stream *client)
{
	char values[FACTS][ADDRESS_TEXT];

	for (size_t i = 0; i < FACTS; i++)
		values[i][0] = '\0';
	describe_address(
	    &client->peer, values[REMOTE_ADDR], values[REMOTE_PORT]);
	describe_address(
	    stream_local(client), values[LOCAL_ADDR], values[LOCAL_PORT]);
	if (client->transport != NULL)
		strlcpy(values[PROTO], client->transport->name,
		    sizeof(values[PROTO]));
	for (size_t i = 0; i < COUNT(variables); i++) {
		const char *value = values[variables[i].fact];
		char *text = e->added[i];

		if (value[0] == '\0')
			continue;
		strlcpy(text, variables[i].name, ENVIRONMENT_TEXT);
		strlcat(text, "=", ENVIRONMENT_TEXT);
		strlcat(text, value, ENVIRONMENT_TEXT);
		e->variables[count++] = text;
	}
	return count;
}

static size_t
add_terminal(struct environment *e, size_t count)
{
	char *text = e->added[COUNT(variables)];

	if (getenv("TERM") != NULL)
		return count;
	strlcpy(text, "TERM=dumb", ENVIRONMENT_TEXT);
	e->variables[count++] = text;
	return count;
}

int
environment_init(
    struct environment *e, struct stream *client, bool has_terminal)
{
	size_t count = 0;

	while (environ != NULL && environ[count] != NULL)
		count++;
	e->variables = reallocarray(
	    NULL, count + ENVIRONMENT_ADDED + 1, sizeof(*e->variables));
	if (e->variables == NULL)
		return -1;
	if (count > 0)
		memcpy(e->variables, environ, count * sizeof(*environ));
	count = add_client(e, count, client);
	if (has_terminal)
		count = add_terminal(e, count);
	e->variables[count] = NULL;
	return 0;
}

void
environment_clear(struct environment *e)
{
	free(e->variables);
}
