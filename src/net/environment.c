/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The variables have ncat's names, so that commands written for it work,
 * and the same with our own.
 */
#include "net/environment.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/child.h"
#include "net/vsock.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { REMOTE_ADDR, REMOTE_PORT, LOCAL_ADDR, LOCAL_PORT, PROTO, FACTS };

static const char *const facts[FACTS] = {
	[REMOTE_ADDR] = "REMOTE_ADDR",
	[REMOTE_PORT] = "REMOTE_PORT",
	[LOCAL_ADDR] = "LOCAL_ADDR",
	[LOCAL_PORT] = "LOCAL_PORT",
	[PROTO] = "PROTO",
};

static const char *const prefixes[] = { "SOCKCAT_", "NCAT_" };

static const char *const private[] = { "LISTEN_PID", "LISTEN_FDS",
	"LISTEN_FDNAMES", "NOTIFY_SOCKET" };

_Static_assert(ENVIRONMENT_ADDED == FACTS * COUNT(prefixes),
    "each fact has room by each name");

static bool
is_one_of(
    const char *variable, size_t length, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(names[i]) == length &&
		    strncmp(variable, names[i], length) == 0)
			return true;
	return false;
}

static bool
is_dropped(const char *variable)
{
	size_t length = strcspn(variable, "=");

	for (size_t i = 0; i < COUNT(prefixes); i++) {
		size_t prefix = strlen(prefixes[i]);

		if (strncmp(variable, prefixes[i], prefix) == 0 &&
		    is_one_of(variable + prefix, length - prefix, facts, FACTS))
			return true;
	}
	return is_one_of(variable, length, private, COUNT(private));
}

static void
describe(const struct address *a, char *host, char *port)
{
	unsigned int number;

	/* A client's unix socket mostly has no name, but for its family. */
	if (a == NULL || a->length <= offsetof(struct sockaddr, sa_data))
		return;
	address_host(a, host, ADDRESS_TEXT);
	number = address_port(a);
	if (address_has_port(a) || vsock_port(a, &number))
		snprintf(port, ADDRESS_TEXT, "%u", number);
}

static size_t
add_facts(struct environment *e, size_t count, const struct child_peer *peer)
{
	char values[FACTS][ADDRESS_TEXT] = { 0 };
	char(*text)[ENVIRONMENT_TEXT] = e->added;

	describe(peer->remote, values[REMOTE_ADDR], values[REMOTE_PORT]);
	describe(peer->local, values[LOCAL_ADDR], values[LOCAL_PORT]);
	if (peer->protocol != NULL)
		strlcpy(values[PROTO], peer->protocol, sizeof(values[PROTO]));
	for (size_t i = 0; i < FACTS * COUNT(prefixes); i++) {
		const char *value = values[i % FACTS];

		if (value[0] == '\0')
			continue;
		snprintf(*text, sizeof(*text), "%s%s=%s", prefixes[i / FACTS],
		    facts[i % FACTS], value);
		e->variables[count++] = *text++;
	}
	return count;
}

int
environment_init(struct environment *e, const struct child_peer *peer)
{
	size_t most = ENVIRONMENT_ADDED + 1, count = 0;

	for (char **each = environ; each != NULL && *each != NULL; each++)
		most++;
	e->variables = reallocarray(NULL, most, sizeof(*e->variables));
	if (e->variables == NULL)
		return -1;
	for (char **each = environ; each != NULL && *each != NULL; each++)
		if (!is_dropped(*each))
			e->variables[count++] = *each;
	count = add_facts(e, count, peer);
	e->variables[count] = NULL;
	return 0;
}

void
environment_clear(struct environment *e)
{
	free(e->variables);
}
