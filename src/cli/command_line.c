/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * From options and arguments to a plan that makes sense, or to one line
 * that says why there is none.
 */
#include "cli/command_line.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/argv.h"
#include "cli/conflicts.h"
#include "cli/options.h"
#include "cli/options_given.h"
#include "cli/options_parse.h"
#include "cli/plan.h"
#include "cli/program.h"
#include "cli/values.h"
#include "listen/acl_range.h"
#include "net/transport.h"
#include "observe/log.h"

static const struct transport *
choose_transport(const struct options *o)
{
	const struct transport *t;
	int type = SOCK_STREAM;

	if (o->udp)
		type = SOCK_DGRAM;
	else if (o->seqpacket)
		type = SOCK_SEQPACKET;
	if (o->unix_domain)
		return transport_by_type(TRANSPORT_UNIX, type);
	if (o->vsock)
		return transport_by_type(TRANSPORT_VSOCK, type);
	if (o->seqpacket) {
		log_error("--seqpacket: needs -U or --vsock");
		return NULL;
	}
	if (o->protocol == NULL)
		return transport_by_type(TRANSPORT_INET, type);
	t = transport_by_name(o->protocol);
	if (t == NULL)
		log_error("--protocol %s: must be tcp, udp, mptcp, sctp or "
			  "udplite",
		    o->protocol);
	else if (o->udp && t->type != SOCK_DGRAM) {
		log_error("--udp: cannot be used with --protocol %s", t->name);
		return NULL;
	}
	return t;
}

static int64_t
time_or(int64_t given, int64_t otherwise)
{
	return given >= 0 ? given : otherwise;
}

/* For tests, which run with each strategy. */
static int
take_strategy(struct plan *plan)
{
	const char *name = getenv("SOCKCAT_STRATEGY"), *bad;
	bool one_by_one = false;

	if (name == NULL || name[0] == '\0')
		return 0;
	bad = value_strategy(name, &plan->relay.choice, &one_by_one);
	if (bad != NULL)
		log_error("SOCKCAT_STRATEGY %s: %s", name, bad);
	plan->target.socket.one_by_one |= one_by_one;
	plan->server.socket.one_by_one |= one_by_one;
	return bad != NULL ? -1 : 0;
}

/* Returns 0, or -1 after it reported what is wrong. */
static int
take_command(struct plan *plan, const struct options *o)
{
	const char *option = o->exec != NULL ? "--exec" : "--sh-exec";
	const char *bad = strerror(ENOMEM);

	if (o->exec != NULL) {
		plan->command = argv_split(o->exec, &bad);
	} else if (o->sh_exec != NULL) {
		plan->command = argv_for_shell(o->sh_exec);
	} else {
		return 0;
	}
	if (plan->command == NULL) {
		log_error("%s: %s", option, bad);
		return -1;
	}
	/* With inetd an error line would go to the client. */
	bad = o->inetd ? NULL : program_check(plan->command[0]);
	if (bad == NULL)
		return 0;
	log_error("%s %s: %s", option, plan->command[0], bad);
	return -1;
}

/* Lists are checked for syntax; names are looked up later. */
static int
check_specs(
    const struct options *o, const char *option, const struct repeated *words)
{
	for (size_t i = 0; i < words->count; i++) {
		char *copy = strdup(words->items[i]), *rest = copy, *spec;
		const char *bad = copy == NULL ? strerror(errno) : NULL;

		while (bad == NULL && (spec = strsep(&rest, ",")) != NULL) {
			struct acl_range range;
			bool is_name;

			bad = acl_range_parse(spec, &range, &is_name);
			if (bad == NULL && is_name && o->numeric)
				bad = "must be an address, for -n looks up no "
				      "names";
		}
		free(copy);
		if (bad == NULL)
			continue;
		log_error("%s %s: %s", option, words->items[i], bad);
		return -1;
	}
	return 0;
}

enum { SLOW_MS = 5000 };
enum { MAX_CONNS = 100, MAX_WAITING = 128, MAX_PEERS = 1024 };

static const char busy_message[] = "sockcat: queue full, try again later\n";

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

static void
fill(struct plan *plan, const struct options *o, const struct transport *t)
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

/* --help and --version.  Returns the status to exit with. */
static int
print_about(const struct options *o)
{
	if (o->help)
		options_help();
	else
		printf("%s\n", PACKAGE_STRING);
	if (fflush(stdout) == 0)
		return 0;
	log_error("standard output: %s", strerror(errno));
	return 1;
}

/* Returns 0, or -1 after it reported what is wrong. */
static int
plan_from(struct plan *plan, struct options *o, char **arguments, int count)
{
	const struct transport *transport;

	if (arguments_take_scheme(o, arguments, count) == -1 ||
	    conflicts_check(o) == -1)
		return -1;
	transport = choose_transport(o);
	if (transport == NULL || conflicts_check_transport(o, transport) == -1)
		return -1;
	fill(plan, o, transport);
	if (check_specs(o, "--allow", &o->access.allow) == -1 ||
	    check_specs(o, "--deny", &o->access.deny) == -1 ||
	    take_strategy(plan) == -1 || take_command(plan, o) == -1)
		return -1;
	return arguments_take(plan, o, arguments, count);
}

bool
command_line_parse(struct plan *plan, int argc, char **argv, int *status)
{
	struct options options;
	int first = options_parse(&options, argc, argv);

	*plan = (struct plan){ 0 };
	*status = 2;
	if (first == -1)
		return false;
	if (!options.help && !options.version)
		return plan_from(plan, &options, argv + first, argc - first) ==
		    0;
	*status = print_about(&options);
	return false;
}
