/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "net/address_text.h"

#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "codec/printable.h"
#include "net/vsock.h"

#define SUN_PATH offsetof(struct sockaddr_un, sun_path)

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
		if (!vsock_host(address_sockaddr(a), text, size))
			strlcpy(text, "(unknown)", size);
	}
}

struct event_end
address_end(const struct address *a)
{
	struct event_end end = { .port = -1 };

	address_host(a, end.address, sizeof(end.address));
	if (address_has_port(a))
		end.port = address_port(a);
	return end;
}

static void
format_between(
    const struct address *a, const char *between, char *text, size_t size)
{
	char host[ADDRESS_TEXT];

	address_host(a, host, sizeof(host));
	if (address_has_port(a))
		snprintf(
		    text, size, "%s%s%" PRIu32, host, between, address_port(a));
	else
		strlcpy(text, host, size);
}

void
address_format(const struct address *a, char *text, size_t size)
{
	format_between(a, " port ", text, size);
}

void
address_format_nc(const struct address *a, char *text, size_t size)
{
	format_between(a, " ", text, size);
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
