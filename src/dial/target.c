/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "dial/target.h"

#include <sys/socket.h>

#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "net/address.h"
#include "net/address_text.h"
#include "net/transport.h"
#include "observe/event.h"

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
	size_t used;

	target_format_host(t, a, text, size);
	used = strlen(text);
	if (address_has_port(a))
		snprintf(text + used, size - used, " port %" PRIu32,
		    address_port(a));
}

static const char *
service_name(
    const struct target *t, const struct address *a, char name[NI_MAXSERV])
{
	int flags = t->transport->type == SOCK_DGRAM ? NI_DGRAM : 0;

	if (t->transport->domain != TRANSPORT_INET)
		return NULL;
	if (t->numeric ||
	    getnameinfo(address_sockaddr(a), a->length, NULL, 0, name,
		NI_MAXSERV, flags) != 0 ||
	    strspn(name, "0123456789") == strlen(name))
		strlcpy(name, "*", NI_MAXSERV);
	return name;
}

void
target_announce(
    const struct target *t, const struct address *a, const char *client)
{
	char where[2 * ADDRESS_TEXT], service[NI_MAXSERV];

	if (!log_enabled(LOG_EVENTS))
		return;
	target_format_host(t, a, where, sizeof(where));
	event_say(EVENT_CONNECTED, .client = client, .peer = address_end(a),
	    .where = where, .host = target_host(t), .port = address_port(a),
	    .transport = t->transport->name,
	    .service = service_name(t, a, service));
}
