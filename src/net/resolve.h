/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* Names to addresses, getaddrinfo(3), which blocks; net/lookup does not. */
#ifndef SOCKCAT_NET_RESOLVE_H
#define SOCKCAT_NET_RESOLVE_H

#include <stdbool.h>

struct address;
struct address_list;

struct resolve_query {
	const char *host; /* NULL: the wildcard if passive, else loopback */
	const char *port; /* a number or a service; NULL: 0 */
	int family;       /* AF_UNSPEC, AF_INET, AF_INET6 */
	int type;         /* whose services: SOCK_STREAM or SOCK_DGRAM */
	bool numeric;     /* no look-up of hosts and services */
	bool passive;     /* for bind(2) */
};

/*
 * Which address of a family (AF_UNSPEC: any) a host is, in any form; the port
 * is 0.  Returns 0, EAI_MEMORY, or another EAI code if it is none.
 */
int resolve_literal(const char *host, int family, struct address *);

/*
 * Resolves what needs no lookup.  An IPv4-mapped address is the IPv4 address in
 * it, and "::" for a listener is the wildcard of both families.  Returns 0, or
 * an EAI code: EAI_NONAME if the host or the port is not a number.
 */
int resolve_numeric(const struct resolve_query *, struct address_list *);

/* Resolves, which may block for minutes.  Returns 0 or an EAI code. */
int resolve_now(const struct resolve_query *, struct address_list *);

/* What an EAI code means; for EAI_SYSTEM what errno says. */
const char *resolve_error(int code);

#endif
