/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The families' own corners: paths that end at a length, not at a NUL, the
 * scope of a link-local address, ports in network order.
 */
#include "net/address.h"

#include <netinet/in.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/printable.h"
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

bool
address_has_port(const struct address *a)
{
	return address_family(a) == AF_INET || address_family(a) == AF_INET6;
}

uint16_t
address_port(const struct address *a)
{
	switch (address_family(a)) {
	case AF_INET:
		return ntohs(in4(a)->sin_port);
	case AF_INET6:
		return ntohs(in6(a)->sin6_port);
	default:
		return 0;
	}
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

const char *
address_error(const struct address *a, int error)
{
	if (error == EINVAL && address_lacks_scope(a))
		return "The interface is missing (%eth0 behind the address, "
		       "or --interface)";
	if (error == EAGAIN && address_family(a) == AF_UNIX)
		return "Another process keeps the directory locked";
	if (error == ENAMETOOLONG)
		return "File name too long (107 bytes at most)";
	return strerror(error);
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

/* The bytes of a unix socket's name, the NUL before an abstract one too. */
static size_t
unix_name(const struct address *a, const char **name)
{
	const struct sockaddr_un *un = (const void *)&a->storage;
	size_t length;

	if (address_family(a) != AF_UNIX || a->length <= SUN_PATH)
		return 0;
	*name = un->sun_path;
	length = a->length - SUN_PATH;
	if (length > sizeof(un->sun_path))
		length = sizeof(un->sun_path);
	return **name == '\0' ? length : strnlen(*name, length);
}

bool
address_path(const struct address *a, char path[ADDRESS_PATH])
{
	const char *name;
	size_t length = unix_name(a, &name);

	if (length == 0 || name[0] == '\0')
		return false;
	memcpy(path, name, length);
	path[length] = '\0';
	return true;
}

bool
address_name(const struct address *a, char text[ADDRESS_PATH])
{
	const char *name;
	size_t length = unix_name(a, &name);

	if (length == 0)
		return false;
	for (size_t i = 0; i < length; i++)
		text[i] = name[i] == '\0' ? '@' : name[i];
	text[length] = '\0';
	return true;
}

static void
unix_host(const struct address *a, char *text, size_t size)
{
	const char *name;
	size_t length = unix_name(a, &name);

	if (length == 0) {
		strlcpy(text, "(unnamed)", size);
		return;
	}
	if (name[0] == '\0' && size > 1) {
		*text++ = '@';
		size--;
		name++;
		length--;
	}
	/* A client's name is of its own choice, and may be shown to others. */
	printable_escape(name, length, "", text, size);
}

void
address_host(const struct address *a, char *text, size_t size)
{
	switch (address_family(a)) {
	case AF_INET:
	case AF_INET6:
		if (getnameinfo(address_sockaddr(a), a->length, text,
			(socklen_t)size, NULL, 0, NI_NUMERICHOST) != 0)
			strlcpy(text, "(unknown)", size);
		break;
	case AF_UNIX:
		unix_host(a, text, size);
		break;
	default:
		if (!vsock_host(a, text, size))
			strlcpy(text, "(unknown)", size);
	}
}

struct event_end
address_end(const struct address *a)
{
	struct event_end end = { .port = -1 };
	unsigned int number = address_port(a);

	address_host(a, end.address, sizeof(end.address));
	if (address_has_port(a) || vsock_port(a, &number))
		end.port = number;
	return end;
}

/* The host and the port behind it, joined by what the line wants. */
static void
join(const struct address *a, const char *between, char *text, size_t size)
{
	char host[ADDRESS_TEXT];
	unsigned int port = address_port(a);

	address_host(a, host, sizeof(host));
	if (address_has_port(a) || vsock_port(a, &port))
		snprintf(text, size, "%s%s%u", host, between, port);
	else
		strlcpy(text, host, size);
}

void
address_words(const struct address *a, char *text, size_t size)
{
	join(a, " port ", text, size);
}

void
address_line(const struct address *a, char *text, size_t size)
{
	join(a, " ", text, size);
}

int
address_list_add(struct address_list *list, const struct address *a)
{
	struct address *items =
	    reallocarray(list->items, list->count + 1, sizeof(*items));

	if (items == NULL)
		return -1;
	list->items = items;
	items[list->count++] = *a;
	return 0;
}

void
address_list_alternate(struct address_list *list)
{
	struct address *items = list->items;

	for (size_t i = 1; i < list->count; i++) {
		int last = address_family(&items[i - 1]);
		struct address next;
		size_t at = i;

		while (at < list->count && address_family(&items[at]) == last)
			at++;
		if (at == list->count)
			return;
		next = items[at];
		memmove(&items[i + 1], &items[i], (at - i) * sizeof(*items));
		items[i] = next;
	}
}

void
address_list_clear(struct address_list *list)
{
	free(list->items);
	*list = (struct address_list){ 0 };
}
