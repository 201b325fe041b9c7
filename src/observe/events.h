/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The table of all events.
 */
#ifndef SOCKCAT_OBSERVE_EVENTS_H
#define SOCKCAT_OBSERVE_EVENTS_H

#include "observe/fields.h"
#include "observe/log.h"

/* The rows of the table, in its order. */
enum event_id {
	EVENT_FAILED,
	EVENT_WRONG,
	EVENT_RETRYING,
	EVENT_LINES_LOST,
	EVENT_DEADLINE,
	EVENT_LISTENING,
	EVENT_LISTENING_CHOSEN,
	EVENT_LISTEN_FAILED,
	EVENT_LISTEN_UNRESOLVED,
	EVENT_INHERIT_FAILED,
	EVENT_NOT_OURS,
	EVENT_SOCKETS_WRONG,
	EVENT_PROCESS_WRONG,
	EVENT_SOCKET_WRONG,
	EVENT_INETD_WRONG,
	EVENT_NO_ADDRESSES,
	EVENT_READY_WRONG,
	EVENT_READY_FAILED,
	EVENT_NOTIFY_WRONG,
	EVENT_ACCEPTED,
	EVENT_DENIED,
	EVENT_DENIED_GIVEN,
	EVENT_ACCESS_RELOADED,
	EVENT_ACCESS_WRONG,
	EVENT_ACCESS_KEPT,
	EVENT_NO_CLIENT,
	EVENT_CONNECTING,
	EVENT_CONNECTED,
	EVENT_CONNECT_FAILED,
	EVENT_ANSWER_AWAITED,
	EVENT_NO_ANSWER,
	EVENT_ABORT_TOLERATED,
	EVENT_PEER_FAILED,
	EVENT_PEER_LEFT,
	EVENT_PEER_CLOSED,
	EVENT_TARGET_FAILED,
	EVENT_NOT_ACKNOWLEDGED,
	EVENT_IDLE,
	EVENT_QUIT,
	EVENT_ENDED,
	EVENT_MOVED,
	EVENT_FLOW_BEGINS,
	EVENT_FLOW_STATE,
	EVENT_FLOW_COPIES,
	EVENT_READ,
	EVENT_WROTE,
	EVENT_DATAGRAM_FAILED,
	EVENT_DATAGRAM_ERRORS,
	EVENT_DATAGRAM_TOO_FAR,
	EVENT_DATAGRAM_IGNORED,
	EVENT_DATAGRAMS_TOO_LONG,
	EVENT_DATAGRAMS_UNREAD,
	EVENT_DATAGRAMS_OVERFLOW,
	EVENT_PEER_UNREACHABLE,
	EVENT_PEER_EVICTED,
	EVENT_PEERS_REFUSED,
	EVENT_PEERS_TAKEN,
	EVENT_PEERS_DROPPED,
	EVENT_QUEUED,
	EVENT_DEQUEUED,
	EVENT_LEFT_QUEUE,
	EVENT_TURNED_AWAY,
	EVENT_STOPPING,
	EVENT_STOPPED,
	EVENT_LEFT_EARLY,
	EVENT_LEFT_EARLY_ALONE,
	EVENT_MEMBER_SLOW,
	EVENT_MEMBER_LEAVES,
	EVENT_COMMAND_ENDED,
	EVENT_COMMAND_FAILED,
	EVENT_COMMAND_RETRIED,
	EVENTS,
};

/* A row.  Its fields are those that the line names, and those of also. */
struct event_row {
	const char *name;
	enum log_level level;
	/*
	 * {field} is its value; {field|item|items} a number with its noun;
	 * {field.3} seconds with that many decimals; {field:} an address as
	 * nc(1) writes it, with nothing between host and port.  What stands
	 * in [ ] is left out where a field in it is zero or not there; [[ is
	 * a bracket.
	 */
	const char *line;
	const char *also; /* "field field?": ? may be missing; or NULL */
};

/* Whether an event has a field: never, where it has a value, or always. */
enum event_use { EVENT_NEVER, EVENT_AT_TIMES, EVENT_ALWAYS };

extern const struct event_row event_rows[EVENTS];

/* Whether an object of JSON has a field, as the row says. */
enum event_use event_row_use(const struct event_row *, const struct field *);

#endif
