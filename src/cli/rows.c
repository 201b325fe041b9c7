/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A setter knows the type of the member that its row points at.
 */
#include "cli/rows.h"

#include <sys/socket.h>

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/options.h"
#include "cli/values.h"

static void *
member_of(const struct row *row, struct options *options)
{
	return (char *)options + row->member;
}

static const char *
set_true(const struct row *row, struct options *options, const char *text)
{
	(void)text;
	*(bool *)member_of(row, options) = true;
	return NULL;
}

/* A number that the row itself gives, such as an address family. */
static const char *
set_value(const struct row *row, struct options *options, const char *text)
{
	(void)text;
	*(int *)member_of(row, options) = (int)row->least;
	return NULL;
}

static const char *
set_more(const struct row *row, struct options *options, const char *text)
{
	(void)text;
	++*(int *)member_of(row, options);
	return NULL;
}

static const char *
set_text(const struct row *row, struct options *options, const char *text)
{
	*(const char **)member_of(row, options) = text;
	return NULL;
}

/* The protocol's name is the option's. */
static const char *
set_name(const struct row *row, struct options *options, const char *text)
{
	(void)text;
	return set_text(row, options, row->name);
}

static const char *
out_of_range(const struct row *row)
{
	static char allowed[80];

	snprintf(allowed, sizeof(allowed), "must be from %lld to %lld",
	    row->least, row->max);
	return allowed;
}

static const char *
set_log_format(const struct row *row, struct options *options, const char *text)
{
	return value_log_format(text, member_of(row, options));
}

/* A plain number, or a size with its unit, in the row's range. */
static const char *
in_range(const struct row *row, const char *text, bool is_size, uint64_t *value)
{
	const char *bad;

	if (is_size) {
		bad = value_size(text, value);
		if (bad != NULL)
			return bad;
		if (*value >= (uint64_t)row->least &&
		    *value <= (uint64_t)row->max)
			return NULL;
	} else {
		*value = (uint64_t)strtonum(text, row->least, row->max, &bad);
		if (bad == NULL)
			return NULL;
	}
	return out_of_range(row);
}

static const char *
set_number(const struct row *row, struct options *options, const char *text)
{
	uint64_t value;
	const char *bad = in_range(row, text, false, &value);

	if (bad == NULL)
		*(int *)member_of(row, options) = (int)value;
	return bad;
}

static const char *
set_count(const struct row *row, struct options *options, const char *text)
{
	return in_range(row, text, false, member_of(row, options));
}

/* A size that fits an int, as setsockopt(2) wants it. */
static const char *
set_buffer(const struct row *row, struct options *options, const char *text)
{
	uint64_t value;
	const char *bad = in_range(row, text, true, &value);

	if (bad == NULL)
		*(int *)member_of(row, options) = (int)value;
	return bad;
}

static const char *
set_size(const struct row *row, struct options *options, const char *text)
{
	return in_range(row, text, true, member_of(row, options));
}

static const char *
set_time(const struct row *row, struct options *options, const char *text)
{
	int64_t time;
	const char *bad = value_time(text, &time);

	if (bad != NULL)
		return bad;
	if (time < row->least)
		return "must be more than 0";
	*(int64_t *)member_of(row, options) = time;
	return NULL;
}

/* A negative time means never, as in nc. */
static const char *
set_hold(const struct row *row, struct options *options, const char *text)
{
	const char *bad;

	if (text[0] != '-')
		return set_time(row, options, text);
	strtonum(text, -1, -1, &bad);
	if (bad != NULL)
		return "must be a time such as 5 or 0.5s, or -1 for never";
	*(int64_t *)member_of(row, options) = -1;
	return NULL;
}

/* The kernel counts in seconds, and in 16 bits of them. */
static const char *
set_keepalive(const struct row *row, struct options *options, const char *text)
{
	enum { LONGEST_MS = 9 * 60 * 60 * 1000 };
	int64_t time;
	const char *bad = value_time(text, &time);

	if (bad != NULL)
		return bad;
	if (time != 0 && (time < 1000 || time > LONGEST_MS))
		return "must be from 1s to 9h, or 0 for never";
	*(int64_t *)member_of(row, options) = time;
	return NULL;
}

static const char *
set_mode(const struct row *row, struct options *options, const char *text)
{
	return value_mode(text, member_of(row, options));
}

static const char *
set_tos(const struct row *row, struct options *options, const char *text)
{
	return value_tos(text, member_of(row, options));
}

static const char *
add_word(const struct row *row, struct options *options, const char *text)
{
	struct repeated *words = member_of(row, options);

	if (words->count == REPEATED_MAX)
		return "has been given too often";
	words->items[words->count++] = text;
	return NULL;
}

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
#define WORDS(name, member, argument, help)                         \
	{                                                           \
		0, name, argument, help, add_word, AT(member), 0, 0 \
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
	/* Two values of one member are different wishes, not spellings. */
	return one->set != NULL && other->set != NULL &&
	    one->set != set_value && one->member == other->member;
}
