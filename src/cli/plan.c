/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * From options and arguments to a plan that makes sense, or to one line
 * that says why there is none.
 */
#include "cli/plan.h"

#include <sys/socket.h>

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/values.h"
#include "net/transport.h"
#include "observe/log.h"

/* Options that exclude each other. */
static const struct {
	const char *one, *other;
} conflicts[] = {
	{ "unixsock", "ipv4" },
	{ "unixsock", "ipv6" },
	{ "unixsock", "vsock" },
	{ "unixsock", "protocol" },
	{ "unixsock", "source-port" },
	{ "unixsock", "randomize" },
	{ "unixsock", "ttl" },
	{ "unixsock", "min-ttl" },
	{ "unixsock", "tos" },
	{ "unixsock", "interface" },
	{ "unixsock", "broadcast" },
	{ "vsock", "ipv4" },
	{ "vsock", "ipv6" },
	{ "vsock", "protocol" },
	{ "vsock", "source" },
	{ "vsock", "randomize" },
	{ "seqpacket", "udp" },
	{ "udp", "telnet" },
	{ "seqpacket", "telnet" },
	{ "no-stdin", "send-only" },
	{ "pass-fd", "listen" },
	{ "pass-fd", "no-stdin" },
	{ "pass-fd", "send-only" },
	{ "pass-fd", "crlf" },
	{ "pass-fd", "telnet" },
	{ "pass-fd", "delay" },
	{ "pass-fd", "recv-limit" },
	{ "shutdown", "no-shutdown" },
	{ "listen", "connect-timeout" },
};

/* Options that mean nothing without another. */
static const struct {
	const char *option, *needed;
} needs[] = {
	{ "keep-open", "listen" },
	{ "backlog", "listen" },
	{ "unix-mode", "listen" },
	{ "unix-mode", "unixsock" },
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static int
check_options(const struct options *o)
{
	for (size_t i = 0; i < LENGTH(conflicts); i++) {
		if (!options_given(o, conflicts[i].one) ||
		    !options_given(o, conflicts[i].other))
			continue;
		log_error("%s: cannot be used with %s",
		    options_spelling(conflicts[i].one),
		    options_spelling(conflicts[i].other));
		return -1;
	}
	for (size_t i = 0; i < LENGTH(needs); i++) {
		if (!options_given(o, needs[i].option) ||
		    options_given(o, needs[i].needed))
			continue;
		log_error("%s: needs %s", options_spelling(needs[i].option),
		    options_spelling(needs[i].needed));
		return -1;
	}
	return 0;
}

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

/* Datagram options without datagrams, telnet without a stream. */
static int
check_transport(const struct options *o, const struct transport *t)
{
	if (!transport_keeps_messages(t) && options_given(o, "datagram-size")) {
		log_error("--datagram-size: needs --udp or --seqpacket");
		return -1;
	}
	if (!transport_is_connectionless(t) && o->null_eof) {
		log_error("--null-eof: needs --udp");
		return -1;
	}
	if (transport_keeps_messages(t) && o->telnet) {
		log_error("--telnet: needs a stream, not %s", t->name);
		return -1;
	}
	return 0;
}

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

/* One argument is the port, or with -p the host, or both with a colon. */
static int
take_listen(
    struct plan *plan, const struct options *o, char **arguments, int count)
{
	struct listen_options *s = &plan->server;
	bool has_port = o->source_port != NULL;

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

static int64_t
time_or(int64_t given, int64_t otherwise)
{
	return given >= 0 ? given : otherwise;
}

/* What tests ask for, so that no way of moving bytes goes untested. */
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
	plan->dial.socket.one_by_one |= one_by_one;
	plan->server.socket.one_by_one |= one_by_one;
	return bad != NULL ? -1 : 0;
}

static void
fill(struct plan *plan, const struct options *o, const struct transport *t)
{
	plan->listen = o->listen;
	plan->keep_open = o->keep_open;
	plan->pass_fd = o->pass_fd;
	plan->verbosity = o->verbosity;
	plan->deadline = o->deadline;
	plan->dial = (struct dial_options){
		.transport = t,
		.socket = o->socket,
		.family = o->family,
		.numeric = o->numeric,
		.random_port = o->randomize,
		.source = o->source,
		.source_port = o->source_port,
		.timeout = time_or(o->connect_timeout, o->timeout),
	};
	plan->server = (struct listen_options){
		.transport = t,
		.socket = o->socket,
		.family = o->family,
		.numeric = o->numeric,
		.random_port = o->randomize,
		.keep_open = o->keep_open,
		.backlog = o->backlog != 0 ? o->backlog : SOMAXCONN,
		.unix_mode = o->unix_mode,
	};
	/* Where others read the next datagram, none may come joined to it. */
	plan->dial.socket.one_by_one = o->pass_fd;
	plan->server.socket.one_by_one =
	    o->keep_open && (o->read_limit != 0 || o->null_eof);
	plan->stdio = (struct stdio_options){
		.no_input = o->no_stdin,
		.no_output = o->send_only,
		.keep_output = o->keep_open,
	};
	plan->relay = (struct relay_options){
		.hold = options_given(o, "quit-after") ? o->hold
						       : PLAN_HOLD_DEFAULT,
		.idle_timeout = time_or(o->idle_timeout, o->timeout),
		.line_delay = time_or(o->line_delay, 0),
		.read_limit = o->read_limit,
		.datagram_size = (size_t)o->datagram_size,
		.crlf = o->crlf,
		.telnet = o->telnet,
		.no_shutdown = o->no_shutdown,
		.null_eof = o->null_eof,
		.ends_with_peer = o->keep_open,
	};
}

int
plan_parse(struct plan *plan, int argc, char **argv)
{
	struct options options;
	const struct transport *transport;
	int first = options_parse(&options, argc, argv);
	int result;

	*plan = (struct plan){ 0 };
	if (first == -1)
		return 2;
	if (options.help || options.version) {
		if (options.help)
			options_help();
		else
			printf("%s\n", PACKAGE_STRING);
		if (fflush(stdout) == 0)
			return 0;
		log_error("standard output: %s", strerror(errno));
		return 1;
	}
	if (check_options(&options) == -1)
		return 2;
	transport = choose_transport(&options);
	if (transport == NULL || check_transport(&options, transport) == -1)
		return 2;
	fill(plan, &options, transport);
	if (check_source(&options) == -1 || take_strategy(plan) == -1)
		return 2;
	if (options.listen)
		result =
		    take_listen(plan, &options, argv + first, argc - first);
	else
		result = take_connect(plan, argv + first, argc - first);
	if (result == 0)
		result = check_port(&options,
		    options.listen ? plan->server.port : plan->dial.port,
		    options.listen ? 0 : 1);
	if (result == 0 && options.vsock)
		result = check_vsock("context id",
		    options.listen ? plan->server.host : plan->dial.host);
	return result == -1 ? 2 : -1;
}

void
plan_clear(struct plan *plan)
{
	free(plan->copy);
	*plan = (struct plan){ 0 };
}
