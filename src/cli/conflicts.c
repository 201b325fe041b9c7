/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* Two tables, and conflicts of more than two options. */
#include "cli/conflicts.h"

#include <sys/socket.h>

#include <stddef.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/options_given.h"
#include "net/socket.h"
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
	{ "shutdown", "shutdown-after" },
	{ "shutdown-after", "no-shutdown" },
	{ "shutdown-after", "send-only" },
	{ "exec", "sh-exec" },
	{ "exec", "forward" },
	{ "exec", "broker" },
	{ "exec", "chat" },
	{ "exec", "no-stdin" },
	{ "exec", "send-only" },
	{ "exec", "pass-fd" },
	{ "sh-exec", "forward" },
	{ "sh-exec", "broker" },
	{ "sh-exec", "chat" },
	{ "sh-exec", "no-stdin" },
	{ "sh-exec", "send-only" },
	{ "sh-exec", "pass-fd" },
	{ "forward", "broker" },
	{ "forward", "chat" },
	{ "forward", "no-stdin" },
	{ "forward", "send-only" },
	{ "broker", "send-only" },
	{ "chat", "send-only" },
	{ "until-eof", "exec" },
	{ "until-eof", "sh-exec" },
	{ "until-eof", "forward" },
	{ "until-eof", "no-stdin" },
	{ "slow-timeout", "exec" },
	{ "slow-timeout", "sh-exec" },
	{ "slow-timeout", "forward" },
	{ "unixsock", "allow" },
	{ "unixsock", "deny" },
	{ "unixsock", "allowfile" },
	{ "unixsock", "denyfile" },
	{ "vsock", "allow" },
	{ "vsock", "deny" },
	{ "vsock", "allowfile" },
	{ "vsock", "denyfile" },
	{ "inetd", "unixsock" },
	{ "inetd", "vsock" },
	{ "inetd", "source-port" },
	{ "inetd", "source" },
	{ "inetd", "randomize" },
};

/* Options that need another option. */
static const struct {
	const char *option, *needed;
} needs[] = {
	{ "accept-timeout", "listen" },
	{ "backlog", "listen" },
	{ "busy-message", "listen" },
	{ "busy-message", "keep-open" },
	{ "slow-timeout", "listen" },
	{ "slow-timeout", "keep-open" },
	{ "until-eof", "listen" },
	{ "until-eof", "keep-open" },
	{ "forward", "listen" },
	{ "broker", "listen" },
	{ "chat", "listen" },
	{ "allow", "listen" },
	{ "deny", "listen" },
	{ "allowfile", "listen" },
	{ "denyfile", "listen" },
	{ "ready-fd", "listen" },
	{ "unix-mode", "listen" },
	{ "unix-mode", "unixsock" },
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Conflicts of more than two options. */
static int
check_purpose(const struct options *o)
{
	bool is_command = o->exec != NULL || o->sh_exec != NULL;
	bool has_purpose =
	    is_command || o->forward != NULL || o->broker || o->chat;

	if (o->pty && !is_command) {
		log_error("--pty: needs --exec or --sh-exec");
		return -1;
	}
	if (o->inetd && !has_purpose) {
		log_error("--inetd: needs --exec, --sh-exec, --forward, "
			  "--broker or --chat");
		return -1;
	}
	if (options_has(o, "listen") && o->forward == NULL &&
	    options_given_as(o, "connect-timeout")) {
		log_error("--connect-timeout: cannot be used with --listen "
			  "(see --accept-timeout)");
		return -1;
	}
	return 0;
}

/* A socket that cannot be received makes ssh(1) wait for ever. */
static int
check_pass_fd(const struct options *o)
{
	if (!o->pass_fd || socket_ask(STDOUT_FILENO, SO_DOMAIN) == AF_UNIX)
		return 0;
	log_error("--pass-fd: standard output is no unix-domain socket "
		  "(ssh makes it one with ProxyUseFdpass=yes)");
	return -1;
}

int
conflicts_check(const struct options *o)
{
	for (size_t i = 0; i < LENGTH(conflicts); i++) {
		if (!options_has(o, conflicts[i].one) ||
		    !options_has(o, conflicts[i].other))
			continue;
		log_error("%s: cannot be used with %s",
		    options_spelling(o, conflicts[i].one),
		    options_spelling(o, conflicts[i].other));
		return -1;
	}
	for (size_t i = 0; i < LENGTH(needs); i++) {
		if (!options_given(o, needs[i].option) ||
		    options_has(o, needs[i].needed))
			continue;
		log_error("%s: needs %s", options_spelling(o, needs[i].option),
		    options_spelling(o, needs[i].needed));
		return -1;
	}
	return check_purpose(o) == -1 ? -1 : check_pass_fd(o);
}

/* Datagram options without datagrams, telnet without a stream. */
int
conflicts_check_transport(const struct options *o, const struct transport *t)
{
	if (!transport_keeps_messages(t) && options_given(o, "datagram-size")) {
		log_error("--datagram-size: needs --udp or --seqpacket");
		return -1;
	}
	if (!transport_keeps_messages(t) && o->lines) {
		log_error("--lines: needs --udp or --seqpacket");
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
