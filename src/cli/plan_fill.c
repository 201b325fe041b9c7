/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Each room has a struct of its own for what the options say about it, and a
 * default for what they do not say.
 */
#include "cli/plan_fill.h"

#include <sys/socket.h>

#include "cli/options.h"
#include "cli/options_given.h"
#include "cli/plan.h"

/* Where no option says otherwise. */
enum {
	SLOW_MS = 5000,
	MAX_CONNS = 100,
	MAX_WAITING = 128,
	MAX_PEERS = 1024,
};

static const char busy_message[] = "sockcat: queue full, try again later\n";

static int64_t
time_or(int64_t given, int64_t otherwise)
{
	return given >= 0 ? given : otherwise;
}

/* 0 is never. */
static int64_t
slow_timeout(int64_t given)
{
	return given == 0 ? -1 : time_or(given, SLOW_MS);
}

static struct acl_sources
acl_sources_from(const struct repeated_access *access, const struct options *o)
{
	return (struct acl_sources){
		.allow = access->allow.items,
		.deny = access->deny.items,
		.allow_files = access->allow_files.items,
		.deny_files = access->deny_files.items,
		.family = o->family,
		.numeric = o->numeric,
	};
}

static struct target
target_from(const struct options *o, const struct transport *t)
{
	struct target target = {
		.transport = t,
		.socket = o->socket,
		.family = o->family,
		.numeric = o->numeric,
		.random_port = o->randomize,
		.source = o->source,
		.source_port = o->source_port,
		.timeout = time_or(o->connect_timeout, o->timeout),
	};

	/* Another program reads the next datagram. */
	target.socket.one_by_one = o->pass_fd;
	return target;
}

/* Whether each client has a command or a target that answers it. */
static bool
is_answered(const struct options *o)
{
	return o->exec != NULL || o->sh_exec != NULL || o->forward != NULL;
}

static struct listen_options
listen_options_from(const struct options *o, const struct transport *t,
    size_t max_conns, size_t max_waiting)
{
	struct listen_options server = {
		.transport = t,
		.socket = o->socket,
		.family = o->family,
		.numeric = o->numeric,
		.random_port = o->randomize,
		.keep_open = options_has(o, "keep-open"),
		.max_peers = o->max_conns != 0 ? max_conns : MAX_PEERS,
		.max_new_peers = max_waiting,
		.peers_share_sink = !is_answered(o),
		.peers_are_answered = is_answered(o),
		.backlog = o->backlog >= 0 ? o->backlog : SOMAXCONN,
		.unix_mode = o->unix_mode,
	};

	/* Datagrams of several peers must not arrive joined. */
	server.socket.one_by_one = server.keep_open;
	return server;
}

static struct stdio_options
stdio_options_from(const struct options *o, bool keep_open)
{
	return (struct stdio_options){
		.no_input = o->no_stdin,
		.no_output = o->send_only,
		.keep_output = keep_open,
	};
}

static struct relay_options
relay_options_from(const struct options *o)
{
	bool is_hub = o->chat || o->broker;

	return (struct relay_options){
		.hold = options_given(o, "quit-after") ? o->hold
						       : PLAN_HOLD_DEFAULT,
		.idle_timeout = time_or(o->idle_timeout, o->timeout),
		.line_delay = time_or(o->line_delay, 0),
		.read_limit = o->read_limit,
		.datagram_size = (size_t)o->datagram_size,
		.crlf = o->crlf,
		.telnet = o->telnet,
		.shutdown_after =
		    o->shutdown || o->send_only ? 0 : o->shutdown_after,
		.leaves = o->send_only,
		.tolerate_abort = o->tolerate_abort,
		.no_shutdown = o->no_shutdown,
		.null_eof = o->null_eof,
		.cuts_lines = o->lines,
		.ends_lines = o->lines && !is_answered(o) && !is_hub,
	};
}

/* How a server deals with its clients. */
static void
fill_server(struct plan *plan, const struct options *o)
{
	plan->keep_open = plan->listen && options_has(o, "keep-open");
	plan->hub = o->chat ? HUB_CHAT : o->broker ? HUB_BROKER : HUB_STAR;
	plan->slow_timeout = slow_timeout(o->slow_timeout);
	plan->until_eof = o->until_eof;
	plan->max_conns = o->max_conns != 0 ? (size_t)o->max_conns : MAX_CONNS;
	plan->max_waiting = o->backlog >= 0 ? (size_t)o->backlog : MAX_WAITING;
	plan->has_backlog = options_given(o, "backlog");
	plan->busy_message =
	    o->busy_message != NULL ? o->busy_message : busy_message;
	plan->has_pty = o->pty;
	plan->has_acl = o->access.allow.count > 0 || o->access.deny.count > 0 ||
	    o->access.allow_files.count > 0 || o->access.deny_files.count > 0;
}

void
plan_fill(struct plan *plan, const struct options *o, const struct transport *t)
{
	plan->listen = options_has(o, "listen");
	plan->inetd = o->inetd;
	plan->forward = o->forward != NULL;
	plan->pass_fd = o->pass_fd;
	plan->verbosity = o->verbosity;
	plan->log_format = o->log_format;
	plan->ready_fd = o->ready_fd;
	plan->accept_timeout = o->accept_timeout;
	plan->deadline = o->deadline;
	fill_server(plan, o);
	plan->access = o->access;
	plan->acl = acl_sources_from(&plan->access, o);
	plan->target = target_from(o, t);
	plan->server =
	    listen_options_from(o, t, plan->max_conns, plan->max_waiting);
	plan->stdio = stdio_options_from(o, plan->keep_open);
	plan->relay = relay_options_from(o);
}
