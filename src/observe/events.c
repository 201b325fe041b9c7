/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * All that the program tells while it runs.  Rows with the same name are the
 * same event to a reader of JSON, with another line or level.
 */
#include "observe/events.h"

#include <stddef.h>
#include <string.h>

const struct event_row event_rows[EVENTS] = {
	/* What may happen anywhere: a call, an option, a file, a stream. */
	[EVENT_FAILED] = { "failed", LOG_ERRORS, "{what}: {error}", NULL },
	[EVENT_WRONG] = { "failed", LOG_ERRORS, "{what}: {reason}", NULL },
	[EVENT_RETRYING] = { "retrying", LOG_ERRORS,
	    "{what}: {error}, trying again", NULL },
	[EVENT_LINES_LOST] = { "lines_lost", LOG_ERRORS,
	    "standard error: {count|line was|lines were} lost, nobody read "
	    "them",
	    NULL },
	[EVENT_DEADLINE] = { "deadline", LOG_ERRORS,
	    "--deadline: {seconds} s elapsed", NULL },

	/* Listening, and who may come in. */
	[EVENT_LISTENING] = { "listening", LOG_EVENTS, "Listening on {local:}",
	    "transport" },
	[EVENT_LISTENING_CHOSEN] = { "listening", LOG_ALWAYS,
	    "Listening on {local:}", "transport" },
	[EVENT_LISTEN_FAILED] = { "listen_failed", LOG_ERRORS,
	    "listen on {where} ({transport}) failed: [{what}: ]{reason}",
	    "local? host? error" },
	[EVENT_LISTEN_UNRESOLVED] = { "listen_failed", LOG_ERRORS,
	    "listen on {where}[ port {service}]: {reason}", "host?" },
	[EVENT_INHERIT_FAILED] = { "listen_failed", LOG_ERRORS,
	    "listen on inherited descriptor {descriptor}: {error}", NULL },
	[EVENT_NOT_OURS] = { "not_ours", LOG_EVENTS,
	    "LISTEN_FDS is for process {value}", NULL },
	[EVENT_SOCKETS_WRONG] = { "sockets_wrong", LOG_ERRORS,
	    "{what}: {value}: {reason}", NULL },
	[EVENT_PROCESS_WRONG] = { "sockets_wrong", LOG_ERRORS,
	    "LISTEN_FDS: LISTEN_PID is {value}: must be a process id", NULL },
	[EVENT_SOCKET_WRONG] = { "sockets_wrong", LOG_ERRORS,
	    "{what}: descriptor {descriptor} {reason}", NULL },
	[EVENT_INETD_WRONG] = { "sockets_wrong", LOG_ERRORS,
	    "--inetd: standard input {reason}", NULL },
	[EVENT_NO_ADDRESSES] = { "sockets_wrong", LOG_ERRORS,
	    "--allow, --deny: a {transport} socket has no addresses", NULL },
	[EVENT_READY_WRONG] = { "ready_failed", LOG_ERRORS,
	    "--ready-fd {descriptor}: is a socket to serve", NULL },
	[EVENT_READY_FAILED] = { "ready_failed", LOG_ERRORS,
	    "--ready-fd {descriptor}: {error}", NULL },
	[EVENT_NOTIFY_WRONG] = { "notify_wrong", LOG_ERRORS,
	    "NOTIFY_SOCKET {what}: {reason}", NULL },
	[EVENT_ACCEPTED] = { "accepted", LOG_EVENTS,
	    "Connection received on {peer:}", "local" },
	[EVENT_DENIED] = { "denied", LOG_EVENTS,
	    "Connection from {peer:} denied", NULL },
	[EVENT_DENIED_GIVEN] = { "denied", LOG_ERRORS,
	    "{peer:}: not let in: --allow, --deny", NULL },
	[EVENT_ACCESS_RELOADED] = { "access_reloaded", LOG_EVENTS,
	    "Reloaded access lists", NULL },
	[EVENT_ACCESS_WRONG] = { "access_wrong", LOG_ERRORS, "{reason}", NULL },
	[EVENT_ACCESS_KEPT] = { "access_not_reloaded", LOG_ERRORS,
	    "access lists not reloaded: {reason}", NULL },
	[EVENT_NO_CLIENT] = { "no_client", LOG_ERRORS,
	    "accept: no client within {seconds} s", NULL },

	/* Connecting. */
	[EVENT_CONNECTING] = { "connecting", LOG_STATES,
	    "connecting to {where}", "peer host" },
	[EVENT_CONNECTED] = { "connected", LOG_EVENTS,
	    "[{client}: ]Connection to {where}[ {port} port] "
	    "[[{transport}[/{service}]] succeeded!",
	    "peer host" },
	[EVENT_CONNECT_FAILED] = { "connect_failed", LOG_ERRORS,
	    "[{client}: ]{where}: {reason}",
	    "peer? what? host service? transport stage error?" },

	/* A session. */
	[EVENT_ANSWER_AWAITED] = { "shutting", LOG_EVENTS,
	    "Shutting our side: {peer} has been quiet for {milliseconds} ms "
	    "(--shutdown-after)",
	    NULL },
	[EVENT_NO_ANSWER] = { "no_answer", LOG_EVENTS,
	    "{peer} ended without an answer", NULL },
	[EVENT_ABORT_TOLERATED] = { "abort_tolerated", LOG_EVENTS,
	    "{peer}: {error} (--tolerate-abort)", NULL },
	[EVENT_PEER_FAILED] = { "peer_failed", LOG_ERRORS,
	    "{peer}: {error}[ ({lost|byte|bytes} of input not sent)]", NULL },
	[EVENT_PEER_LEFT] = { "peer_left", LOG_EVENTS,
	    "{peer}: {error}[ ({lost|byte|bytes} of input not sent)]", NULL },
	[EVENT_PEER_CLOSED] = { "peer_closed", LOG_STATES,
	    "{peer}: closed[: {error}]", NULL },
	[EVENT_TARGET_FAILED] = { "target_failed", LOG_ERRORS,
	    "{target}: for {peer}: {error} ({lost|byte|bytes} not sent)",
	    NULL },
	[EVENT_NOT_ACKNOWLEDGED] = { "not_acknowledged", LOG_ERRORS,
	    "{peer}: {error} (the end of what was sent did not arrive)", NULL },
	[EVENT_IDLE] = { "idle", LOG_ERRORS, "{peer}: idle for {seconds} s",
	    NULL },
	[EVENT_QUIT] = { "quit", LOG_ERRORS, "{what}: {reason}", NULL },
	[EVENT_ENDED] = { "ended", LOG_EVENTS,
	    "{peer}: ended after {seconds.3} s: sent {sent|byte|bytes} "
	    "({sent_end}), received {received|byte|bytes} ({received_end})",
	    NULL },
	[EVENT_MOVED] = { "moved", LOG_STATES,
	    "relay: sent {sent|byte|bytes}, received {received|byte|bytes}",
	    "peer" },
	[EVENT_FLOW_BEGINS] = { "flow", LOG_STATES,
	    "{direction}: {source} to {sink} ({strategy})", NULL },
	[EVENT_FLOW_STATE] = { "flow_state", LOG_STATES,
	    "{direction}: {old_state} -> {state}", NULL },
	[EVENT_FLOW_COPIES] = { "flow_copies", LOG_STATES,
	    "{direction}: splice -> copy", NULL },
	[EVENT_READ] = { "read", LOG_CALLS, "{direction}: read {bytes}", NULL },
	[EVENT_WROTE] = { "wrote", LOG_CALLS, "{direction}: wrote {bytes}",
	    NULL },

	/* Datagrams. */
	[EVENT_DATAGRAM_FAILED] = { "datagram_failed", LOG_ERRORS,
	    "{what}: datagram of {bytes|byte|bytes}: {error}", NULL },
	[EVENT_DATAGRAM_ERRORS] = { "datagram_errors", LOG_ERRORS,
	    "{what}: {reason} {count|error|errors}", NULL },
	[EVENT_DATAGRAM_TOO_FAR] = { "datagram_too_far", LOG_STATES,
	    "{peer}: dropped a datagram with TTL {ttl}", NULL },
	[EVENT_DATAGRAM_IGNORED] = { "datagram_ignored", LOG_EVENTS,
	    "Ignored a datagram from {peer}: serving {client}", NULL },
	[EVENT_DATAGRAMS_TOO_LONG] = { "datagrams_dropped", LOG_ERRORS,
	    "{peer}: dropped {bytes|byte|bytes} of datagrams that did not fit "
	    "into the buffer",
	    NULL },
	[EVENT_DATAGRAMS_UNREAD] = { "datagrams_dropped", LOG_ERRORS,
	    "{peer}: dropped {count|datagram|datagrams} that nobody read",
	    NULL },
	[EVENT_DATAGRAMS_OVERFLOW] = { "datagrams_dropped", LOG_ERRORS,
	    "{what}: {count|datagram|datagrams} dropped by the system, the "
	    "receive buffer was full",
	    NULL },
	[EVENT_PEER_UNREACHABLE] = { "peer_unreachable", LOG_EVENTS,
	    "{peer}: cannot be reached: {error}", NULL },
	[EVENT_PEER_EVICTED] = { "peer_evicted", LOG_EVENTS,
	    "{peer}: silent for longest, makes room", NULL },
	[EVENT_PEERS_REFUSED] = { "peers_refused", LOG_ERRORS,
	    "{peer}: dropped a datagram, too many new peers wait", NULL },
	[EVENT_PEERS_TAKEN] = { "peers_taken", LOG_ERRORS,
	    "datagrams of new peers are taken again, {count|was|were} dropped",
	    NULL },
	[EVENT_PEERS_DROPPED] = { "datagrams_dropped", LOG_ERRORS,
	    "{count|datagram of a new peer was|datagrams of new peers were} "
	    "dropped",
	    NULL },

	/* A server and its clients. */
	[EVENT_QUEUED] = { "queued", LOG_EVENTS,
	    "{peer}: queued, {count} of {limit}", NULL },
	[EVENT_DEQUEUED] = { "served", LOG_EVENTS,
	    "{peer}: served after waiting", NULL },
	[EVENT_LEFT_QUEUE] = { "left_queue", LOG_EVENTS,
	    "{peer}: left the queue", NULL },
	[EVENT_TURNED_AWAY] = { "turned_away", LOG_EVENTS,
	    "{peer}: turned away, the queue is full", NULL },
	[EVENT_STOPPING] = { "stopping", LOG_EVENTS,
	    "Stopping: waiting for {count|client|clients}", NULL },
	[EVENT_STOPPED] = { "stopped", LOG_ERRORS,
	    "stopped with {count|client|clients} still connected", NULL },
	[EVENT_LEFT_EARLY] = { "left_early", LOG_EVENTS,
	    "{peer}: left before {reason}", NULL },
	[EVENT_LEFT_EARLY_ALONE] = { "left_early", LOG_ERRORS,
	    "{peer}: left before {reason}", NULL },
	[EVENT_MEMBER_SLOW] = { "member_dropped", LOG_ERRORS,
	    "{peer}: {reason}: dropped with {lost|byte|bytes} not sent", NULL },
	[EVENT_MEMBER_LEAVES] = { "member_leaves", LOG_STATES,
	    "{peer}: has ended, and is let go", NULL },
	[EVENT_COMMAND_ENDED] = { "command_ended", LOG_EVENTS,
	    "{client}: command ended after {seconds.2} s: {reason} {status}",
	    NULL },
	[EVENT_COMMAND_FAILED] = { "command_failed", LOG_ERRORS,
	    "{peer}: {what}: {error}", NULL },
	[EVENT_COMMAND_RETRIED] = { "command_retried", LOG_STATES,
	    "{peer}: {what}: {error}: trying again", NULL },
};

static enum event_use
use_in_line(const char *line, const struct field *f)
{
	bool is_part = false;
	size_t length;

	for (; *line != '\0'; line++) {
		if (*line == '[' && line[1] == '[')
			line++;
		else if (*line == '[' || *line == ']')
			is_part = *line == '[';
		else if (*line == '{' && field_named(line + 1, &length) == f)
			return is_part ? EVENT_AT_TIMES : EVENT_ALWAYS;
	}
	return EVENT_NEVER;
}

static enum event_use
use_in_list(const char *list, const struct field *f)
{
	size_t length;

	for (; list != NULL && *list != '\0'; list += strspn(list, "? ")) {
		bool is_it = field_named(list, &length) == f;

		list += length;
		if (is_it)
			return *list == '?' ? EVENT_AT_TIMES : EVENT_ALWAYS;
	}
	return EVENT_NEVER;
}

enum event_use
event_row_use(const struct event_row *row, const struct field *f)
{
	enum event_use use = use_in_line(row->line, f);

	if (use == EVENT_NEVER)
		use = use_in_list(row->also, f);
	if (use == EVENT_NEVER || f->type == EVENT_WORDS)
		return EVENT_NEVER;
	if (f->type == EVENT_PORT)
		return EVENT_AT_TIMES;
	/* A line may leave a zero out; an object has it. */
	if (f->type == EVENT_COUNT || f->type == EVENT_SECONDS)
		return EVENT_ALWAYS;
	return use;
}
