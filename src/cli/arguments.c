/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Hosts, ports and paths: what stands on the command line without a dash.
 */
#include "cli/arguments.h"

#include <sys/socket.h>

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/plan.h"
#include "cli/values.h"
#include "net/inherit.h"
#include "net/transport.h"
#include "observe/log.h"

/* vsock(7) has numbers of 32 bits in the place of hosts and ports. */
static int
check_vsock(const char *what, const char *text)
{
	const char *bad;

	if (text == NULL)
		return 0;
	strtonum(text, 0, UINT32_MAX, &bad);
	if (bad == NULL)
		return 0;
	log_error("%s %s: must be from 0 to %u", what, text, UINT32_MAX);
	return -1;
}

/*
 * A port must be one before anything is opened: a number from least, or
 * without -n a service.
 */
static int
check_port(const struct options *o, const char *port, int least)
{
	const char *bad;

	if (port == NULL || o->unix_domain)
		return 0;
	if (o->vsock)
		return check_vsock("port", port);
	strtonum(port, least, 65535, &bad);
	if (bad == NULL)
		return 0;
	if (o->numeric || port[strspn(port, "0123456789")] == '\0')
		log_error("port %s: must be from %d to 65535", port, least);
	else if (getservbyname(port, NULL) == NULL)
		log_error("port %s: no such service", port);
	else
		return 0;
	return -1;
}
/* Local ends that a transport does not have. */
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
	return check_port(o, o->source_port, 0);
}

static bool
is_port(const struct options *o, const char *text)
{
	const char *bad;

	strtonum(text, 1, 65535, &bad);
	return bad == NULL ||
	    (!o->numeric && text[strspn(text, "0123456789")] != '\0' &&
		getservbyname(text, NULL) != NULL);
}

static int
bad_target(const char *text, const char *why)
{
	log_error("--forward %s: %s", text, why);
	return -1;
}

static int
too_many(char **arguments)
{
	log_error("%s: one argument too many", arguments[0]);
	return -1;
}

/* "host:port" in one argument. */
static int
split(struct plan *plan, const char *text, const char **host, const char **port)
{
	const char *bad;

	plan->copy = strdup(text);
	if (plan->copy == NULL) {
		log_error("%s: %s", text, strerror(errno));
		return -1;
	}
	bad = value_host_port(plan->copy, host, port);
	if (bad == NULL)
		return 0;
	log_error("%s: %s", text, bad);
	return -1;
}

/* "[::1]" as a host of its own. */
static int
unbracket(struct plan *plan, const char **host)
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

static int
take_path(char **arguments, int count, const char **path)
{
	if (count == 0) {
		log_error("-U: needs a path");
		return -1;
	}
	if (count > 1)
		return too_many(arguments + 1);
	if (arguments[0][0] == '\0') {
		log_error("-U: the path is empty");
		return -1;
	}
	*path = arguments[0];
	return 0;
}

static int
take_connect(struct plan *plan, char **arguments, int count)
{
	struct dial_options *d = &plan->dial;

	if (d->transport->domain == TRANSPORT_UNIX)
		return take_path(arguments, count, &d->host);
	if (count > 2)
		return too_many(arguments + 2);
	if (count == 2) {
		d->host = arguments[0];
		d->port = arguments[1];
		return unbracket(plan, &d->host);
	}
	if (count == 0) {
		log_error("no host and no port (see --help)");
		return -1;
	}
	if (strchr(arguments[0], ':') != NULL)
		return split(plan, arguments[0], &d->host, &d->port);
	if (d->transport->domain == TRANSPORT_VSOCK) {
		log_error("--vsock: needs a context id and a port");
		return -1;
	}
	d->port = arguments[0]; /* of this machine */
	return 0;
}

/* The sockets have been bound by somebody else. */
static int
take_nothing(const struct options *o, int count)
{
	if (count == 0 && o->source_port == NULL && o->source == NULL)
		return 0;
	if (o->inetd)
		log_error("--inetd: the socket is given, so no port is");
	else
		log_error("LISTEN_FDS: the sockets are given, so no port is");
	return -1;
}

/* One argument is the port, or with -p the host, or both with a colon. */
static int
take_listen(
    struct plan *plan, const struct options *o, char **arguments, int count)
{
	struct listen_options *s = &plan->server;
	bool has_port = o->source_port != NULL;

	if (o->inetd || inherit_is_offered())
		return take_nothing(o, count);
	if (s->transport->domain == TRANSPORT_UNIX)
		return take_path(arguments, count, &s->host);
	s->port = o->source_port;
	if (count > 2)
		return too_many(arguments + 2);
	if (count == 2) {
		if (has_port)
			return too_many(arguments + 1);
		s->host = arguments[0];
		s->port = arguments[1];
	} else if (count == 1 && !has_port &&
	    strchr(arguments[0], ':') != NULL) {
		if (split(plan, arguments[0], &s->host, &s->port) == -1)
			return -1;
	} else if (count == 1) {
		*(has_port ? &s->host : &s->port) = arguments[0];
	}
	if (o->source != NULL && s->host != NULL) {
		log_error(
		    "--source %s: the host is %s already", o->source, s->host);
		return -1;
	}
	if (o->source != NULL)
		s->host = o->source;
	if (s->host == NULL || plan->copy != NULL)
		return 0;
	return unbracket(plan, &s->host);
}

/*
 * The target of --forward: "unix:path", or "host:port", of the listener's own
 * kind unless "tcp:" or "udp:" stands in front.
 */
static int
take_target(struct plan *plan, const struct options *o)
{
	const struct transport *served = plan->server.transport;
	struct dial_options *d = &plan->target;
	int type = served->type;
	const char *text = o->forward, *bad;

	*d = plan->dial;
	/* These are for where clients come from. */
	d->source = d->source_port = d->socket.interface = NULL;
	d->random_port = false;
	if (strncmp(text, "unix:", 5) == 0) {
		d->transport = transport_by_type(TRANSPORT_UNIX, type);
		d->host = text + 5;
		return *d->host != '\0' ? 0 : bad_target(text, "no path");
	}
	if (strncmp(text, "tcp:", 4) == 0 || strncmp(text, "udp:", 4) == 0) {
		type = text[0] == 'u' ? SOCK_DGRAM : SOCK_STREAM;
		text += 4;
	}
	if (type == SOCK_SEQPACKET)
		type = SOCK_STREAM;
	d->transport = transport_by_type(TRANSPORT_INET, type);
	plan->target_copy = strdup(text);
	if (plan->target_copy == NULL)
		return bad_target(o->forward, strerror(errno));
	bad = value_host_port(plan->target_copy, &d->host, &d->port);
	if (bad == NULL && !is_port(o, d->port))
		bad = "the port must be from 1 to 65535, or a service";
	return bad != NULL ? bad_target(o->forward, bad) : 0;
}

int
arguments_take(
    struct plan *plan, const struct options *o, char **arguments, int count)
{
	const char *host, *port;

	if (check_source(o) == -1 ||
	    (o->forward != NULL && take_target(plan, o) == -1))
		return -1;
	if ((plan->listen ? take_listen(plan, o, arguments, count)
			  : take_connect(plan, arguments, count)) == -1)
		return -1;
	host = plan->listen ? plan->server.host : plan->dial.host;
	port = plan->listen ? plan->server.port : plan->dial.port;
	if (check_port(o, port, plan->listen ? 0 : 1) == -1)
		return -1;
	return o->vsock ? check_vsock("context id", host) : 0;
}
