/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Where to listen: at a path, at a port with or without a host, or on sockets
 * that are inherited.
 */
#include <stdlib.h>

#include "cli/arguments_impl.h"
#include "cli/endpoint.h"
#include "cli/options.h"
#include "cli/plan.h"
#include "listen/inherited.h"
#include "observe/log.h"

/* The sockets are inherited. */
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

static int
take_path(
    struct plan *plan, const struct options *o, char **arguments, int count)
{
	const char **path = &plan->server.host;

	if (arguments_take_path(plan, o, arguments, count, path) == -1)
		return -1;
	if ((*path)[0] != '@' || o->unix_mode == -1)
		return 0;
	log_error("--unix-mode: %s is no file, and has no mode", *path);
	return -1;
}

/* One argument is the port, or with -p the host, or a TARGET. */
static int
take_where(
    struct plan *plan, const struct options *o, char **arguments, int count)
{
	struct listen_options *s = &plan->server;
	int max = o->source_port != NULL ? 1 : 2;

	s->port = o->source_port;
	if (arguments_check_count(plan, arguments, count, max) == -1)
		return -1;
	if (count == 2) {
		s->host = arguments[0];
		s->port = arguments[1];
	} else if (count == 1 && endpoint_is_target(arguments[0])) {
		if (s->port == NULL)
			return arguments_split(
			    plan, arguments[0], &s->host, &s->port);
		log_error("%s: the port is %s already", arguments[0], s->port);
		return -1;
	} else if (count == 1 && s->port != NULL) {
		s->host = arguments[0];
	} else if (count == 1 && o->vsock) {
		s->port = arguments[0];
	} else if (count == 1) {
		return arguments_take_port(o, arguments[0], &s->port);
	}
	return 0;
}

/* An unset variable, or a supervisor's mistake, must not open a port. */
static int
check_listening(struct listen_options *s, const struct options *o)
{
	const char *process = inherited_other_process(), *bad;

	if (s->port != NULL) {
		strtonum(s->port, 0, 0, &bad);
		s->tells_port = bad == NULL && o->ready_fd == -1;
		return 0;
	}
	s->tells_port = o->randomize && o->ready_fd == -1;
	if (o->randomize)
		return 0;
	if (process != NULL)
		log_error("-l: a port is missing, and LISTEN_FDS is for "
			  "process %s, not for this one",
		    process);
	else
		log_error("-l: a port is missing (0 lets the system choose)");
	return -1;
}

int
arguments_take_listen(
    struct plan *plan, const struct options *o, char **arguments, int count)
{
	struct listen_options *s = &plan->server;

	if (o->inetd || inherited_is_offered())
		return take_nothing(o, count);
	if (o->unix_domain)
		return take_path(plan, o, arguments, count);
	if (take_where(plan, o, arguments, count) == -1 ||
	    check_listening(s, o) == -1)
		return -1;
	if (o->source != NULL && s->host != NULL) {
		log_error(
		    "--source %s: the host is %s already", o->source, s->host);
		return -1;
	}
	if (o->source != NULL)
		s->host = o->source;
	if (s->host == NULL || plan->copy != NULL)
		return 0;
	return arguments_unbracket(plan, &s->host);
}
