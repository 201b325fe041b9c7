/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* Numeric addresses and ports are answered here, at once. */
#include "net/resolve.h"

#include <sys/socket.h>

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/address.h"
#include "net/address_list.h"

/* A port in digits as a plain number; false for anything else. */
static bool
is_port(const char *text)
{
	const char *bad;

	strtonum(text, 0, UINT16_MAX, &bad);
	return bad == NULL;
}

static bool
is_digits(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* nc and socat that listen on "::" accept IPv4 as well. */
static bool
is_both_wildcards(const struct resolve_query *query)
{
	struct address six;

	if (!query->passive || query->family != AF_UNSPEC)
		return false;
	address_set_any(&six, AF_INET6);
	return address_set_host(&six, query->host) && address_is_any(&six);
}

/* Sets the host of an address; false if it is of another family. */
static bool
set_plain(struct address *a, const struct resolve_query *query, int family)
{
	address_set_any(a, family);
	if (query->host != NULL)
		return address_set_host(a, query->host) ||
		    (family == AF_INET && is_both_wildcards(query));
	if (query->passive)
		return true;
	return address_set_host(a, family == AF_INET ? "127.0.0.1" : "::1");
}

/*
 * Most queries are for the wildcard, this machine, or numeric addresses, and
 * getaddrinfo(3) reads files and opens sockets even for those.  Returns whether
 * it was one of those; *code is then 0 or an EAI code.  IPv6 comes first, as in
 * RFC 6724 section 2.1.
 */
static bool
look_up_plain(
    const struct resolve_query *query, struct address_list *list, int *code)
{
	static const int families[] = { AF_INET6, AF_INET };
	const char *port = query->port != NULL ? query->port : "0";

	*code = 0;
	if (!is_port(port))
		return false;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		struct address a;

		if (!set_plain(&a, query, families[i]))
			continue;
		/*
		 * This holds with -6, too; with -4, getaddrinfo(3) would refuse
		 * it.
		 */
		address_unmap(&a);
		if (query->family != AF_UNSPEC &&
		    query->family != families[i] &&
		    query->family != address_family(&a))
			continue;
		address_set_port(
		    &a, (uint16_t)strtonum(port, 0, UINT16_MAX, NULL));
		if (address_list_add(list, &a) == -1)
			*code = EAI_MEMORY;
	}
	return list->count > 0 || *code != 0;
}

static int
look_up(const struct resolve_query *query, int flags, struct address_list *list)
{
	const char *port = query->port != NULL ? query->port : "0";
	struct addrinfo hints = {
		.ai_family = query->family,
		.ai_socktype = query->type,
		.ai_flags = flags | (query->passive ? AI_PASSIVE : 0),
	};
	struct addrinfo *found, *each;
	int code;

	if (look_up_plain(query, list, &code))
		return code;
	if (is_port(port))
		hints.ai_flags |= AI_NUMERICSERV;
	else if (is_digits(port))
		return EAI_SERVICE; /* more than a port can be */
	code = getaddrinfo(query->host, port, &hints, &found);
	if (code != 0)
		return code;
	for (each = found; each != NULL && code == 0; each = each->ai_next) {
		struct address a;

		address_set(&a, each->ai_addr, each->ai_addrlen);
		address_unmap(&a);
		if (address_list_add(list, &a) == -1)
			code = EAI_MEMORY;
	}
	freeaddrinfo(found);
	return code;
}

int
resolve_literal(const char *host, int family, struct address *address)
{
	struct resolve_query query = {
		.host = host,
		.family = family,
		.type = SOCK_STREAM,
	};
	struct address_list found = { 0 };
	int code = look_up(&query, AI_NUMERICHOST, &found);

	if (code == 0)
		*address = found.items[0];
	address_list_clear(&found);
	return code;
}

int
resolve_numeric(const struct resolve_query *query, struct address_list *list)
{
	int flags = AI_NUMERICHOST;

	/* Services are in a local file, so this does not block. */
	if (query->numeric)
		flags |= AI_NUMERICSERV;
	return look_up(query, flags, list);
}

int
resolve_now(const struct resolve_query *query, struct address_list *list)
{
	if (query->numeric)
		return resolve_numeric(query, list);
	return look_up(query, 0, list);
}

const char *
resolve_error(int code)
{
	switch (code) {
	case EAI_SYSTEM:
		return strerror(errno);
	case EAI_SERVICE: /* the system's message is about its own structures */
		return "no such port or service";
	default:
		return gai_strerror(code);
	}
}
