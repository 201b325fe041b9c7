/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "dial/target.h"

#include <sys/socket.h>

#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "net/address.h"
#include "net/transport.h"
#include "net/vsock.h"
#include "observe/log.h"

const char *
target_host(const struct target *t)
{
	return t->host != NULL ? t->host : "localhost";
}

void
target_format_host(
    const struct target *t, const struct address *a, char *text, size_t size)
{
	char host[ADDRESS_TEXT];

	if (t->transport->domain == TRANSPORT_UNIX) {
		strlcpy(text, t->host, size);
		return;
	}
	address_host(a, host, sizeof(host));
	if (strcmp(host, target_host(t)) == 0)
		strlcpy(text, host, size);
	else
		snprintf(text, size, "%s (%s)", target_host(t), host);
}

void
target_format(
    const struct target *t, const struct address *a, char *text, size_t size)
{
	unsigned int number = address_port(a);
	size_t used;

	target_format_host(t, a, text, size);
	used = strlen(text);
	if (address_has_port(a) || vsock_port(a, &number))
		snprintf(text + used, size - used, " port %u", number);
}

/* The line that nc prints: "Connection to HOST PORT port [tcp/http]". */
void
target_announce(const struct target *t, const struct address *a)
{
	char host[2 * ADDRESS_TEXT], service[NI_MAXSERV] = "*";
	int flags = t->transport->type == SOCK_DGRAM ? NI_DGRAM : 0;
	unsigned int number = address_port(a);
	char client[ADDRESS_TEXT + 2] = "";

	if (!log_enabled(LOG_EVENTS))
		return;
	if (t->client != NULL)
		snprintf(client, sizeof(client), "%s: ", t->client);
	target_format_host(t, a, host, sizeof(host));
	if (vsock_port(a, &number)) {
		log_line(LOG_EVENTS,
		    "%sConnection to %s %u port [%s] succeeded!", client, host,
		    number, t->transport->name);
		return;
	}
	if (!address_has_port(a)) {
		log_line(LOG_EVENTS, "%sConnection to %s [%s] succeeded!",
		    client, host, t->transport->name);
		return;
	}
	if (!t->numeric &&
	    getnameinfo(address_sockaddr(a), a->length, NULL, 0, service,
		sizeof(service), flags) == 0 &&
	    strspn(service, "0123456789") == strlen(service))
		strlcpy(service, "*", sizeof(service));
	log_line(LOG_EVENTS, "%sConnection to %s %u port [%s/%s] succeeded!",
	    client, host, number, t->transport->name, service);
}
