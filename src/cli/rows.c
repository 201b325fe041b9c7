/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "cli/rows.h"

#include <sys/socket.h>

#include <limits.h>

#include "cli/options.h"
#include "cli/setters.h"

#define AT(member) offsetof(struct options, member)

/* The kinds of rows: a flag, a word, a time and its least value, ... */
#define FLAG(letter, name, member, help)                             \
	{                                                            \
		letter, name, NULL, help, set_true, AT(member), 0, 0 \
	}
#define FAMILY(letter, name, value, help)                                 \
	{                                                                 \
		letter, name, NULL, help, set_value, AT(family), value, 0 \
	}
#define NAMED(name, member, help)                               \
	{                                                       \
		0, name, NULL, help, set_name, AT(member), 0, 0 \
	}
#define WORD(letter, name, argument, member, help)                       \
	{                                                                \
		letter, name, argument, help, set_text, AT(member), 0, 0 \
	}
#define WORDS(name, member, argument, help)                             \
	{                                                               \
		0, name, argument, help, set_repeated, AT(member), 0, 0 \
	}
#define TIME(letter, name, member, least, help)                            \
	{                                                                  \
		letter, name, "TIME", help, set_time, AT(member), least, 0 \
	}
#define NUMBER(letter, name, member, least, max, help)                      \
	{                                                                   \
		letter, name, "N", help, set_number, AT(member), least, max \
	}
#define OTHER(letter, name, argument, member, setter, least, max, help)      \
	{                                                                    \
		letter, name, argument, help, setter, AT(member), least, max \
	}

const struct row option_rows[] = {
	FAMILY('4', "ipv4", AF_INET, "use IPv4 only"),
	FAMILY('6', "ipv6", AF_INET6, "use IPv6 only"),
	FLAG('u', "udp", udp, "datagrams: UDP, or unix datagrams with -U"),
	FLAG('U', "unixsock", unix_domain, "unix-domain; @name is abstract"),
	FLAG(0, "seqpacket", seqpacket, "with -U: messages, connected"),
	OTHER(0, "unix-mode", "OCTAL", unix_mode, set_mode, 0, 0,
	    "mode of the path that -U -l makes"),
	WORD(0, "protocol", "NAME", protocol,
	    "tcp, udp, mptcp, sctp or udplite"),
	NAMED("sctp", protocol, "as --protocol sctp"),
	NAMED("mptcp", protocol, "as --protocol mptcp"),
	FLAG(0, "vsock", vsock, "virtual machine: context id and port"),
	FLAG('n', "nodns", numeric, "numeric addresses and ports only"),
	WORD('p', "source-port", "PORT", source_port,
	    "local port; 0: the system chooses"),
	WORD('s', "source", "ADDR", source, "local address"),
	FLAG('r', "randomize", randomize, "a random local port"),
	WORD(0, "interface", "IF", socket.interface,
	    "use one network interface"),
	FLAG('b', "broadcast", socket.broadcast, "allow broadcast"),
	OTHER('I', "recv-buffer", "SIZE", socket.receive_buffer, set_buffer, 1,
	    INT_MAX / 2, "the socket's receive buffer"),
	OTHER('O', "send-buffer", "SIZE", socket.send_buffer, set_buffer, 1,
	    INT_MAX / 2, "the socket's send buffer"),
	NUMBER('M', "ttl", socket.ttl, 1, 255, "TTL or hop limit when sending"),
	NUMBER('m', "min-ttl", socket.min_ttl, 1, 255,
	    "drop what arrives with less"),
	OTHER('T', "tos", "KEYWORD", socket.tos, set_tos, 0, 0,
	    "type of service: lowdelay, ef, cs0, ..."),
	OTHER(0, "keepalive", "TIME", socket.keepalive, set_keepalive, 0, 0,
	    "probe a silent TCP peer (60s); 0: never"),
	FLAG('D', "debug-socket", socket.debug, "set SO_DEBUG"),

	FLAG('l', "listen", listen, "listen for a client"),
	FLAG(
	    'k', "keep-open", keep_open, "with -l: many clients, side by side"),
	NUMBER(0, "max-conns", max_conns, 1, 1000000,
	    "clients served at once (100)"),
	NUMBER(0, "backlog", backlog, 0, INT_MAX,
	    "clients that may wait for a place (128)"),
	WORD(0, "busy-message", "TEXT", busy_message,
	    "for clients that find no place to wait"),
	WORD('e', "exec", "CMD", exec, "run a command for each client"),
	WORD('c', "sh-exec", "CMD", sh_exec, "the same with /bin/sh -c"),
	FLAG(0, "pty", pty, "the command gets a terminal"),
	WORD(0, "forward", "TARGET", forward,
	    "join each client to a connection"),
	FLAG(0, "broker", broker, "what one client sends goes to the others"),
	FLAG(0, "chat", chat, "the same in lines, with names"),
	TIME(0, "slow-timeout", slow_timeout, 0,
	    "drop a client that holds the others back (5s)"),
	FLAG(0, "until-eof", until_eof,
	    "with -k: end once all have had the input"),
	WORDS("allow", access.allow, "SPEC",
	    "let in these alone: addresses, a.b.c.d/n"),
	WORDS("deny", access.deny, "SPEC", "let in all but these"),
	WORDS(
	    "allowfile", access.allow_files, "FILE", "as --allow, from a file"),
	WORDS("denyfile", access.deny_files, "FILE", "as --deny, from a file"),
	FLAG(0, "inetd", inetd, "serve the socket on standard input"),
	NUMBER(0, "ready-fd", ready_fd, 1, INT_MAX,
	    "write ADDRESS PORT to descriptor N when listening"),

	FLAG('N', "shutdown", shutdown, "end sending with the input, at once"),
	TIME(0, "shutdown-after", shutdown_after, 0,
	    "end sending once the peer is quiet (300ms)"),
	FLAG(0, "no-shutdown", no_shutdown, "never end sending"),
	OTHER('q', "quit-after", "TIME", hold, set_hold, 0, 0,
	    "quit TIME after the end of input"),
	FLAG('d', "no-stdin", no_stdin, "do not read standard input"),
	FLAG(0, "recv-only", no_stdin, "as --no-stdin"),
	FLAG(0, "send-only", send_only, "drop what arrives"),
	TIME('w', NULL, timeout, 1, "give up connecting, or being idle"),
	TIME(0, "connect-timeout", connect_timeout, 1, "give up connecting"),
	TIME(0, "wait", connect_timeout, 1, "as --connect-timeout"),
	TIME(0, "idle-timeout", idle_timeout, 1, "give up when nothing moves"),
	TIME(0, "accept-timeout", accept_timeout, 1,
	    "with -l: give up waiting for a client"),
	TIME(0, "deadline", deadline, 1, "give up, whatever happens"),
	TIME('i', "delay", line_delay, 0, "wait between lines sent"),
	OTHER('W', "recv-limit", "N", read_limit, set_count, 1, LLONG_MAX,
	    "end after N datagrams or reads"),
	FLAG('C', "crlf", crlf, "LF becomes CRLF on the way out"),
	FLAG('t', "telnet", telnet, "refuse telnet options"),
	FLAG(0, "tolerate-abort", tolerate_abort, "a reset is an end"),
	OTHER(0, "datagram-size", "BYTES", datagram_size, set_size, 1, 65535,
	    "most bytes of input in one datagram"),
	FLAG(0, "lines", lines, "for datagrams: each line of input is one"),
	FLAG(0, "null-eof", null_eof, "UDP: an empty datagram is the end"),
	FLAG('F', "pass-fd", pass_fd, "connect and pass the socket to stdout"),

	{ 'v', "verbose", NULL, "say what happens; -vv says more", set_more,
	    AT(verbosity), 0, 0 },
	OTHER(0, "log-format", "FORMAT", log_format, set_log_format, 0, 0,
	    "text, or json: an object a line"),
	FLAG('h', "help", help, "print this"),
	FLAG('V', "version", version, "print the version"),
};

const int option_count = sizeof(option_rows) / sizeof(option_rows[0]);

_Static_assert(sizeof(option_rows) / sizeof(option_rows[0]) <= ROWS_MAX,
    "options.given has a place for each row");

bool
row_is_alias(const struct row *one, const struct row *other)
{
	if (one == other)
		return true;
	/* Two values of one member are different options, not spellings. */
	return one->set != NULL && other->set != NULL &&
	    one->set != set_value && one->member == other->member;
}
