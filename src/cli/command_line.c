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
#include "cli/options_parse.h"
#include "cli/plan.h"
#include "cli/plan_fill.h"
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
	if (t == NULL) {
		log_error("--protocol %s: must be tcp, udp, mptcp, sctp or "
			  "udplite",
		    o->protocol);
		return NULL;
	}
	if (o->udp && t->type != SOCK_DGRAM) {
		log_error("--udp: cannot be used with --protocol %s", t->name);
		return NULL;
	}
	return t;
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

	if (o->exec != NULL)
		plan->command = argv_split(o->exec, &bad);
	else if (o->sh_exec != NULL)
		plan->command = argv_for_shell(o->sh_exec);
	else
		return 0;
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
check_lists(
    const struct options *o, const char *option, const struct repeated *lists)
{
	for (size_t i = 0; i < lists->count; i++) {
		char *copy = strdup(lists->items[i]), *rest = copy, *spec;
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
		log_error("%s %s: %s", option, lists->items[i], bad);
		return -1;
	}
	return 0;
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
	plan_fill(plan, o, transport);
	if (check_lists(o, "--allow", &o->access.allow) == -1 ||
	    check_lists(o, "--deny", &o->access.deny) == -1 ||
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
