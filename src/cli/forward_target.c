/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "cli/forward_target.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/endpoint.h"
#include "cli/options.h"
#include "cli/plan.h"
#include "cli/scheme.h"
#include "cli/values.h"
#include "net/transport.h"
#include "observe/log.h"

static int
forward_refuse(const char *text, const char *why)
{
	log_error("--forward %s: %s", text, why);
	return -1;
}

static int
forward_take(struct plan *plan, const struct options *o)
{
	struct target *t = &plan->target;
	int type = plan->server.transport->type;
	const char *rest, *bad;
	enum scheme scheme = scheme_parse(o->forward, &rest);

	/* These concern the listener only. */
	t->source = t->source_port = t->socket.interface = NULL;
	t->random_port = false;
	if (scheme == SCHEME_TLS)
		return forward_refuse(o->forward, "this build has no TLS yet");
	if (scheme == SCHEME_UNIX) {
		t->transport = transport_by_type(TRANSPORT_UNIX, type);
		t->host = rest;
		return endpoint_check_path("--forward unix:", rest);
	}
	if (scheme != SCHEME_NONE)
		type = scheme == SCHEME_UDP ? SOCK_DGRAM : SOCK_STREAM;
	else if (type == SOCK_SEQPACKET)
		type = SOCK_STREAM;
	t->transport = transport_by_type(TRANSPORT_INET, type);
	plan->target_copy = strdup(rest);
	if (plan->target_copy == NULL)
		return forward_refuse(o->forward, strerror(errno));
	bad = value_host_port(plan->target_copy, &t->host, &t->port);
	return bad != NULL ? forward_refuse(o->forward, bad) : 0;
}

static bool
is_target_port(const struct options *o, const char *text)
{
	const char *bad;

	strtonum(text, 1, UINT16_MAX, &bad);
	return bad == NULL ||
	    (!o->numeric && !endpoint_is_number(text) &&
		endpoint_is_port(text));
}

/* -U and --vsock are about where clients come from. */
static int
forward_check(const struct plan *plan, const struct options *o)
{
	const struct target *t = &plan->target;
	struct options inet = {
		.family = o->family,
		.numeric = o->numeric,
	};

	if (t->transport->domain == TRANSPORT_UNIX)
		return endpoint_check_private_path(t);
	if (!is_target_port(o, t->port))
		return forward_refuse(o->forward,
		    o->numeric ? "the port must be from 1 to 65535, for -n "
				 "looks up no names"
			       : "the port must be from 1 to 65535, or a "
				 "service");
	return endpoint_check_host(&inet, t->host);
}

int
forward_target(struct plan *plan, const struct options *o)
{
	return forward_take(plan, o) == 0 ? forward_check(plan, o) : -1;
}
