/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What only some families have: paths that end at a length, not at a NUL, the
 * scope of a link-local address, ports in network order.
 */
#include "net/address.h"

#include <netinet/in.h>

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "net/vsock.h"

#define SUN_PATH offsetof(struct sockaddr_un, sun_path)

static const struct sockaddr_in *
in4(const struct address *a)
{
	return (const struct sockaddr_in *)(const void *)&a->storage;
}

static const struct sockaddr_in6 *
in6(const struct address *a)
{
	return (const struct sockaddr_in6 *)(const void *)&a->storage;
}

void
address_set(struct address *a, const struct sockaddr *sa, socklen_t length)
{
	if (length > sizeof(a->storage))
		length = sizeof(a->storage);
	memset(&a->storage, 0, sizeof(a->storage));
	memcpy(&a->storage, sa, length);
	a->length = length;
}

int
address_set_unix(struct address *a, const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	size_t length = strlen(path);
	bool abstract = path[0] == '@';

	if (length == 0) {
		errno = ENOENT;
		return -1;
	}
	if (length + !abstract > sizeof(un.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(un.sun_path, path, length);
	if (abstract)
		un.sun_path[0] = '\0';
	address_set(a, (const struct sockaddr *)&un,
	    (socklen_t)(SUN_PATH + length + !abstract));
	return 0;
}

int
address_set_vsock(struct address *a, const char *cid, const char *port)
{
	int length;

	*a = (struct address){ .length = 0 };
	length = vsock_parse(&a->storage, cid, port);
	if (length == -1)
		return -1;
	a->length = (socklen_t)length;
	return 0;
}

void
address_set_any(struct address *a, int family)
{
	*a = (struct address){ .storage.ss_family = (sa_family_t)family };
	a->length = family == AF_INET ? sizeof(struct sockaddr_in)
				      : sizeof(struct sockaddr_in6);
}

bool
address_set_host(struct address *a, const char *host)
{
	void *sa = &a->storage;

	if (address_family(a) == AF_INET)
		return inet_pton(AF_INET, host,
			   &((struct sockaddr_in *)sa)->sin_addr) == 1;
	return inet_pton(AF_INET6, host,
		   &((struct sockaddr_in6 *)sa)->sin6_addr) == 1;
}

int
address_family(const struct address *a)
{
	return a->length == 0 ? AF_UNSPEC : a->storage.ss_family;
}

const struct sockaddr *
address_sockaddr(const struct address *a)
{
	return (const struct sockaddr *)(const void *)&a->storage;
}

static bool
port_of(const struct address *a, uint32_t *port)
{
	switch (address_family(a)) {
	case AF_UNSPEC:
		return false;
	case AF_INET:
		*port = ntohs(in4(a)->sin_port);
		return true;
	case AF_INET6:
		*port = ntohs(in6(a)->sin6_port);
		return true;
	default:
		return vsock_port(address_sockaddr(a), port);
	}
}

bool
address_has_port(const struct address *a)
{
	uint32_t port;

	return port_of(a, &port);
}

uint32_t
address_port(const struct address *a)
{
	uint32_t port = 0;

	port_of(a, &port);
	return port;
}

void
address_set_port(struct address *a, uint16_t port)
{
	void *sa = &a->storage;

	if (address_family(a) == AF_INET)
		((struct sockaddr_in *)sa)->sin_port = htons(port);
	else if (address_family(a) == AF_INET6)
		((struct sockaddr_in6 *)sa)->sin6_port = htons(port);
}

bool
address_bytes(const struct address *a, uint8_t bytes[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	switch (address_family(a)) {
	case AF_INET:
		memcpy(bytes, mapped, sizeof(mapped));
		memcpy(bytes + sizeof(mapped), &in4(a)->sin_addr, 4);
		return true;
	case AF_INET6:
		memcpy(bytes, &in6(a)->sin6_addr, 16);
		return true;
	default:
		return false;
	}
}

unsigned int
address_scope(const struct address *a)
{
	return address_family(a) == AF_INET6 ? in6(a)->sin6_scope_id : 0;
}

void
address_unmap(struct address *a)
{
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (address_family(a) != AF_INET6 ||
	    !IN6_IS_ADDR_V4MAPPED(&in6(a)->sin6_addr))
		return;
	in.sin_port = in6(a)->sin6_port;
	memcpy(&in.sin_addr, &in6(a)->sin6_addr.s6_addr[12], 4);
	address_set(a, (const struct sockaddr *)&in, sizeof(in));
}

/* RFC 4007 section 5: of which there is one on each link. */
bool
address_lacks_scope(const struct address *a)
{
	const struct in6_addr *ip;

	if (address_family(a) != AF_INET6 || address_scope(a) != 0)
		return false;
	ip = &in6(a)->sin6_addr;
	return IN6_IS_ADDR_LINKLOCAL(ip) || IN6_IS_ADDR_MC_LINKLOCAL(ip) ||
	    IN6_IS_ADDR_MC_NODELOCAL(ip);
}

static int
compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

int
address_compare(const struct address *a, const struct address *b)
{
	int family = address_family(a);
	int order =
	    compare_numbers((uint32_t)family, (uint32_t)address_family(b));

	if (order == 0)
		order = compare_numbers(address_port(a), address_port(b));
	if (order != 0)
		return order;
	if (family == AF_INET)
		return compare_numbers(
		    in4(a)->sin_addr.s_addr, in4(b)->sin_addr.s_addr);
	if (family != AF_INET6) {
		order = compare_numbers(a->length, b->length);
		return order != 0 ? order
				  : memcmp(&a->storage, &b->storage, a->length);
	}
	order = compare_numbers(in6(a)->sin6_scope_id, in6(b)->sin6_scope_id);
	if (order != 0)
		return order;
	return memcmp(
	    &in6(a)->sin6_addr, &in6(b)->sin6_addr, sizeof(in6(a)->sin6_addr));
}

bool
address_equal(const struct address *a, const struct address *b)
{
	return address_compare(a, b) == 0;
}

bool
address_is_multicast(const struct address *a)
{
	switch (address_family(a)) {
	case AF_INET:
		return IN_MULTICAST(ntohl(in4(a)->sin_addr.s_addr));
	case AF_INET6:
		return IN6_IS_ADDR_MULTICAST(&in6(a)->sin6_addr);
	default:
		return false;
	}
}

bool
address_is_any(const struct address *a)
{
	switch (address_family(a)) {
	case AF_INET:
		return in4(a)->sin_addr.s_addr == htonl(INADDR_ANY);
	case AF_INET6:
		return IN6_IS_ADDR_UNSPECIFIED(&in6(a)->sin6_addr);
	default:
		return false;
	}
}
