/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What can be checked without a lookup: whether a name exists is not known, but
 * -n forbids it.
 */
#include "cli/endpoint.h"

#include <sys/socket.h>

#include <errno.h>
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/scheme.h"
#include "dial/target.h"
#include "net/address.h"
#include "net/address_text.h"
#include "net/resolve.h"
#include "net/transport.h"
#include "net/unixpath.h"
#include "observe/log.h"

/* vsock(7) has 32-bit numbers instead of hosts and ports. */
static int
check_vsock(const char *what, const char *text)
{
	const char *bad;

	strtonum(text, 0, UINT32_MAX, &bad);
	if (bad == NULL)
		return 0;
	log_error("%s %s: must be from 0 to %u", what, text, UINT32_MAX);
	return -1;
}

bool
endpoint_is_number(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

bool
endpoint_is_port(const char *text)
{
	return endpoint_is_number(text) || getservbyname(text, NULL) != NULL;
}

bool
endpoint_is_target(const char *text)
{
	const char *rest, *colon = strchr(text, ':');

	if (scheme_parse(text, &rest) != SCHEME_NONE ||
	    strstr(text, "]:") != NULL)
		return true;
	return colon != NULL && strchr(colon + 1, ':') == NULL;
}

bool
endpoint_is_path(const char *text)
{
	return text[0] == '@' || strchr(text, '/') != NULL;
}

int
endpoint_check_port(const struct options *o, const char *port, int least)
{
	const char *bad;

	if (port == NULL || o->unix_domain)
		return 0;
	if (o->vsock)
		return check_vsock("port", port);
	strtonum(port, least, UINT16_MAX, &bad);
	if (bad == NULL)
		return 0;
	if (port[0] == '\0')
		log_error("the port is empty");
	else if (endpoint_is_number(port))
		log_error("port %s: must be from %d to 65535", port, least);
	else if (o->numeric)
		log_error("port %s: must be a number, for -n looks up no names",
		    port);
	else if (getservbyname(port, NULL) == NULL)
		log_error("port %s: no such service", port);
	else
		return 0;
	return -1;
}

static const char *
name_of(int family)
{
	return family == AF_INET6 ? "IPv6" : "IPv4";
}

static int
report_family(const struct options *o, const char *host, int family)
{
	log_error("%s: is an %s address, but -%d is for %s only", host,
	    name_of(family), o->family == AF_INET6 ? 6 : 4, name_of(o->family));
	return -1;
}

static int
report_no_memory(const char *host)
{
	log_error("%s: %s", host, resolve_error(EAI_MEMORY));
	return -1;
}

int
endpoint_check_host(const struct options *o, const char *host)
{
	struct address a;
	int code;

	if (host == NULL || o->unix_domain)
		return 0;
	if (o->vsock)
		return check_vsock("context id", host);
	if (host[0] == '\0') {
		log_error("the host is empty");
		return -1;
	}
	code = resolve_literal(host, AF_UNSPEC, &a);
	if (code == EAI_MEMORY)
		return report_no_memory(host);
	if (code != 0) {
		if (!o->numeric)
			return 0;
		log_error(
		    "%s: must be an address, for -n looks up no names", host);
		return -1;
	}
	if (o->socket.interface == NULL && address_lacks_scope(&a)) {
		log_error("%s: %s", host, address_error(&a, EINVAL));
		return -1;
	}
	code = resolve_literal(host, o->family, &a);
	if (code == EAI_MEMORY)
		return report_no_memory(host);
	return code == 0 ? 0 : report_family(o, host, address_family(&a));
}

int
endpoint_check_path(const char *what, const char *path)
{
	struct address a = { 0 };

	if (path[0] == '\0') {
		log_error("%s: the path is empty", what);
		return -1;
	}
	if (address_set_unix(&a, path) == 0)
		return 0;
	log_error("%s: %s", path, address_error(&a, errno));
	return -1;
}

int
endpoint_check_private_path(const struct target *t)
{
	const char *parent = unixpath_private_parent();
	size_t max = unixpath_private_max();

	if (t->transport->domain != TRANSPORT_UNIX || t->source != NULL ||
	    t->transport->type != SOCK_DGRAM || strlen(parent) <= max)
		return 0;
	log_error(
	    "TMPDIR %s: File name too long (%zu bytes at most, or see -s)",
	    parent, max);
	return -1;
}
