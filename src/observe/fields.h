/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The values that an event may have, each with a name and a type.
 */
#ifndef SOCKCAT_OBSERVE_FIELDS_H
#define SOCKCAT_OBSERVE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Long enough for any address as text, with its end: of the 108 bytes of a
 * unix socket's name each may take four.
 */
enum { EVENT_ADDRESS_MAX = 480 };

/* One end of a connection, or an address that is not connected yet. */
struct event_end {
	const char *name; /* "standard input"; NULL: "ADDRESS port PORT" */
	char address[EVENT_ADDRESS_MAX]; /* IP address or path; "": none */
	int64_t port;                    /* -1: none */
};

/* Types of fields: in C, and how a printer writes them. */
enum event_type {
	EVENT_END,     /* an object: name, address, port */
	EVENT_TEXT,    /* NULL: not there */
	EVENT_WORDS,   /* a text of lines only: JSON has its parts as fields */
	EVENT_COUNT,   /* a number */
	EVENT_PORT,    /* a number; 0: not there */
	EVENT_SECONDS, /* a decimal number */
	EVENT_ERRNO,   /* strerror(3) in lines; JSON has the number, too */
};

/*
 * Every field that an event may have.  The names are those of members in
 * JSON, and in the manual.
 */
#define EVENT_FIELDS(FIELD)                                             \
	FIELD(EVENT_END, peer)    /* the other end of a connection */   \
	FIELD(EVENT_END, local)   /* ours */                            \
	FIELD(EVENT_END, target)  /* of --forward */                    \
	FIELD(EVENT_TEXT, client) /* for whom something is done */      \
	FIELD(EVENT_TEXT, what)   /* the call, option, file or name */  \
	FIELD(EVENT_TEXT, value)  /* that is wrong */                   \
	FIELD(EVENT_WORDS, where) /* host, address, port */             \
	FIELD(EVENT_TEXT, host)   /* as it was asked for */             \
	FIELD(EVENT_PORT, port)                                         \
	FIELD(EVENT_TEXT, service) /* of a port: a name, or '*' */      \
	FIELD(EVENT_TEXT, transport)                                    \
	FIELD(EVENT_TEXT, reason) /* in words */                        \
	FIELD(EVENT_ERRNO, error)                                       \
	FIELD(EVENT_TEXT, stage)  /* of connecting, that failed */      \
	FIELD(EVENT_TEXT, source) /* of a flow */                       \
	FIELD(EVENT_TEXT, sink)                                         \
	FIELD(EVENT_TEXT, direction) /* inbound, outbound */            \
	FIELD(EVENT_TEXT, old_state)                                    \
	FIELD(EVENT_TEXT, state)                                        \
	FIELD(EVENT_TEXT, strategy)                                     \
	FIELD(EVENT_COUNT, bytes)                                       \
	FIELD(EVENT_COUNT, lost)        /* bytes that did not arrive */ \
	FIELD(EVENT_COUNT, sent)        /* bytes */                     \
	FIELD(EVENT_TEXT, sent_end)     /* how sending ended */         \
	FIELD(EVENT_COUNT, received)    /* bytes */                     \
	FIELD(EVENT_TEXT, received_end) /* how receiving ended */       \
	FIELD(EVENT_SECONDS, seconds)                                   \
	FIELD(EVENT_COUNT, milliseconds)                                \
	FIELD(EVENT_COUNT, count)                                       \
	FIELD(EVENT_COUNT, limit)                                       \
	FIELD(EVENT_COUNT, status) /* of a command */                   \
	FIELD(EVENT_COUNT, ttl)                                         \
	FIELD(EVENT_COUNT, descriptor)

#define EVENT_C_EVENT_END        struct event_end
#define EVENT_C_EVENT_TEXT       const char *
#define EVENT_C_EVENT_WORDS      const char *
#define EVENT_C_EVENT_COUNT      uint64_t
#define EVENT_C_EVENT_PORT       uint64_t
#define EVENT_C_EVENT_SECONDS    double
#define EVENT_C_EVENT_ERRNO      int
#define EVENT_MEMBER(type, name) EVENT_C_##type name;

struct event_fields {
	EVENT_FIELDS(EVENT_MEMBER)
};

/* A row of the list above: where its value is in struct event_fields. */
struct field {
	const char *name;
	enum event_type type;
	size_t offset;
};

extern const struct field fields[];
extern const size_t field_count;

/* The field whose name stands at text, with its length; or NULL. */
const struct field *field_named(const char *text, size_t *length);

const void *field_value(const struct field *, const struct event_fields *);

/* Whether the value is there, and is not zero. */
bool field_is_set(const struct field *, const struct event_fields *);

#endif
