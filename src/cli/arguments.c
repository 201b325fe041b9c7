/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Hosts, ports and paths: the arguments of the command line that are not
 * options.
 */
#include "cli/arguments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments_impl.h"
#include "cli/endpoint.h"
#include "cli/forward_target.h"
#include "cli/options.h"
#include "cli/plan.h"
#include "cli/scheme.h"
#include "cli/values.h"
#include "observe/log.h"

static int
no_tls(const char *text)
{
	log_error("%s: this build has no TLS yet", text);
	return -1;
}

/* "tcp:" or "udp:" beside an option that says another transport. */
static int
check_scheme(const struct options *o, enum scheme scheme)
{
	const char *name = scheme_name(scheme);

	if (o->vsock)
		log_error("--vsock: cannot be used with %s:TARGET", name);
	else if (scheme == SCHEME_TCP && o->udp)
		log_error("--udp: cannot be used with %s:TARGET", name);
	else if (o->protocol != NULL && strcmp(o->protocol, name) != 0)
		log_error("--protocol %s: cannot be used with %s:TARGET",
		    o->protocol, name);
	else
		return 0;
	return -1;
}

/* With -U every argument is a path. */
int
arguments_take_scheme(struct options *o, char **arguments, int count)
{
	const char *rest;
	enum scheme scheme;

	if (count == 0 || o->unix_domain)
		return 0;
	scheme = scheme_parse(arguments[0], &rest);
	o->scheme = scheme_name(scheme);
	if (scheme == SCHEME_TLS)
		return no_tls(arguments[0]);
	if ((scheme == SCHEME_TCP || scheme == SCHEME_UDP) &&
	    check_scheme(o, scheme) == -1)
		return -1;
	o->unix_domain = scheme == SCHEME_UNIX;
	o->udp |= scheme == SCHEME_UDP;
	return 0;
}

static int
too_many(const char *argument)
{
	log_error("%s: one argument too many", argument);
	return -1;
}

/* A port has no colon, so a second argument is never a TARGET. */
int
arguments_check_count(
    const struct plan *plan, char **arguments, int count, int max)
{
	for (int i = 1; i < count && !plan->listen; i++) {
		if (!endpoint_is_target(arguments[i]))
			continue;
		log_error("%s: several targets need -z, which this build "
			  "does not have yet",
		    arguments[i]);
		return -1;
	}
	if (count > max)
		return too_many(arguments[max]);
	if (count < 2 || !endpoint_is_target(arguments[0]))
		return 0;
	log_error("%s: one argument too many, since %s has a port in it",
	    arguments[1], arguments[0]);
	return -1;
}

int
arguments_split(
    struct plan *plan, const char *text, const char **host, const char **port)
{
	const char *rest, *bad = NULL;
	enum scheme scheme = scheme_parse(text, &rest);

	plan->copy = strdup(rest);
	if (plan->copy == NULL) {
		log_error("%s: %s", text, strerror(errno));
		return -1;
	}
	if (plan->listen && rest == text && text[0] == ':' && text[1] != '\0')
		*port = plan->copy + 1;
	else
		bad = value_host_port(plan->copy, host, port);
	if (bad == NULL)
		return 0;
	if (scheme == SCHEME_NONE)
		log_error("%s: %s", text, bad);
	else
		log_error("%s: needs a host and a port, as in %s:host:80", text,
		    scheme_name(scheme));
	return -1;
}

int
arguments_unbracket(struct plan *plan, const char **host)
{
	size_t length = strlen(*host);

	if (length < 3 || (*host)[0] != '[' || (*host)[length - 1] != ']')
		return 0;
	plan->copy = strndup(*host + 1, length - 2);
	if (plan->copy == NULL) {
		log_error("%s: %s", *host, strerror(errno));
		return -1;
	}
	*host = plan->copy;
	return 0;
}

int
arguments_take_path(const struct plan *plan, const struct options *o,
    char **arguments, int count, const char **path)
{
	if (count == 0) {
		log_error("-U: needs a path");
		return -1;
	}
	if (count > 1 && o->scheme != NULL)
		return arguments_check_count(plan, arguments, count, 1);
	if (count > 1)
		return too_many(arguments[1]);
	*path = arguments[0];
	if (o->scheme != NULL)
		scheme_parse(arguments[0], path);
	return endpoint_check_path(o->scheme != NULL ? "unix:" : "-U", *path);
}

int
arguments_take_port(
    const struct options *o, const char *text, const char **port)
{
	*port = text;
	if (text[0] == '\0' || endpoint_is_port(text))
		return 0;
	if (endpoint_is_path(text))
		log_error("%s: a path needs -U", text);
	else if (strchr(text, ':') != NULL)
		log_error("%s: the port is missing (an IPv6 address with a "
			  "port is [address]:port)",
		    text);
	else if (o->source_port != NULL)
		log_error(
		    "%s: the port is missing (-p is the local one)", text);
	else
		log_error("%s: the port is missing", text);
	return -1;
}

static int
take_connect(
    struct plan *plan, const struct options *o, char **arguments, int count)
{
	struct target *t = &plan->target;

	if (endpoint_check_private_path(t) == -1)
		return -1;
	if (o->unix_domain)
		return arguments_take_path(plan, o, arguments, count, &t->host);
	if (count == 0) {
		log_error("no host and no port (see --help)");
		return -1;
	}
	if (arguments_check_count(plan, arguments, count, 2) == -1)
		return -1;
	if (count == 2) {
		t->host = arguments[0];
		t->port = arguments[1];
		return arguments_unbracket(plan, &t->host);
	}
	if (endpoint_is_target(arguments[0]))
		return arguments_split(plan, arguments[0], &t->host, &t->port);
	if (o->vsock) {
		log_error("--vsock: needs a context id and a port");
		return -1;
	}
	/* Of this machine. */
	return arguments_take_port(o, arguments[0], &t->port);
}

/* Checks -s and -p, which not every transport has. */
static int
check_source(const struct options *o)
{
	if (o->unix_domain && o->listen && o->source != NULL) {
		log_error("--source: the path is the local address of -U -l");
		return -1;
	}
	if (o->vsock && !o->listen && o->source_port != NULL) {
		log_error("--source-port: cannot be used with --vsock");
		return -1;
	}
	if (o->unix_domain && o->source != NULL)
		return endpoint_check_path("--source", o->source);
	if (endpoint_check_port(o, o->source_port, 0) == -1)
		return -1;
	return o->listen ? 0 : endpoint_check_host(o, o->source);
}

int
arguments_take(
    struct plan *plan, const struct options *o, char **arguments, int count)
{
	const char *host, *port;

	if (check_source(o) == -1)
		return -1;
	if (o->forward != NULL && forward_target(plan, o) == -1)
		return -1;
	if ((plan->listen ? arguments_take_listen(plan, o, arguments, count)
			  : take_connect(plan, o, arguments, count)) == -1)
		return -1;
	host = plan->listen ? plan->server.host : plan->target.host;
	port = plan->listen ? plan->server.port : plan->target.port;
	if (endpoint_check_port(o, port, plan->listen ? 0 : 1) == -1)
		return -1;
	return endpoint_check_host(o, host);
}
