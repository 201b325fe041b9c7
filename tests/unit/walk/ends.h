/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Ends of a conversation that do as they are told, and answer as the real
 * ones do: what a call returns, which error is told once, what poll(2) says.
 */
#ifndef SOCKCAT_TESTS_UNIT_WALK_ENDS_H
#define SOCKCAT_TESTS_UNIT_WALK_ENDS_H

#include "stream/stream.h"

/* As a relay meets them. */
enum end_kind {
	PIPES,    /* standard input and output */
	TERMINAL, /* the same, and a terminal */
	MUTE,     /* standard output alone, -d */
	INPUT,    /* standard input alone, --send-only */
	COMMAND,  /* behind pipes */
	PTY,      /* a command on a terminal */
	MEMBER,   /* in a hub */
	TCP,
	UNIX,
	SEQPACKET,
	UDP,
	PEER, /* one of many on a datagram socket */
	END_KINDS,
};

/* What can happen to an end, from outside. */
enum end_event {
	ENDS,     /* writing, but still reads */
	LEAVES,   /* closes what it has of it */
	DIES,     /* by a reset, or what comes next to it */
	VANISHES, /* its machine, without a word */
	FULL,     /* takes nothing more */
	TAKES,    /* after all */
	PAUSES,   /* no memory for a moment */
	STARVES,  /* no memory for good */
	BREAKS,   /* takes nothing, for a reason that stays */
	FAILS,    /* cannot be read */
	LARGE,    /* sends a message that is too large for the other */
	END_EVENTS,
};

enum end_sink {
	SINK_TAKES,
	SINK_FULL,
	SINK_SHORT,  /* the system has no memory */
	SINK_BROKEN, /* EIO, for good */
	SINK_VOID,   /* takes it, but nobody will read it */
	SINK_GONE,
};

enum {
	SOME = 1000,        /* bytes that come at once */
	MESSAGE = 500,      /* bytes in one */
	REFUSALS = 4,       /* of a shortage that passes */
	WATCH_EVERY = 5000, /* ms, as for --keepalive 15 */
};

struct end {
	struct stream stream;
	enum end_kind kind;
	const int64_t *now;
	int64_t delay; /* of the line, there and back */

	size_t available, read;
	const bool *is_let_go; /* what is read then is dropped, not accepted */
	bool has_ended, is_end_read;
	bool is_large; /* the next message is, too large for the other end */
	int failure;   /* of reading, for good */
	bool is_failure_read;

	enum end_sink sink;
	int refusals;              /* of memory, that are left */
	size_t written, delivered; /* to the program behind it */
	size_t stuck;              /* accepted, but not acknowledged */
	size_t dropped;            /* by a peer that had left */
	int64_t acked_at;
	int64_t dies_at; /* by a reset that is on its way */
	int looks;       /* for what is unsent, since time has passed */

	int error; /* that SO_ERROR would tell, once */
	bool is_hung_up, is_dead, is_death_seen;
	bool is_cut;    /* it died before its end */
	bool is_silent; /* and its machine answers nothing more */
	bool aborts, is_shut, is_freed, was_reset;
	size_t moves; /* calls that changed anything */
};

extern const char *const end_kind_names[END_KINDS];
extern const char *const end_event_names[END_EVENTS];

/*
 * An open end of that kind, whose time is *now.  Its descriptors, from fd on,
 * are open nowhere: end_poll() answers for poll(2).  A line in between takes
 * delay milliseconds.
 */
void end_init(struct end *, enum end_kind, const char *name, int fd,
    const int64_t *now, int64_t delay);

/* The operations and constants of such a stream. */
const struct stream_kind *end_stream_kind(enum end_kind);

/* What poll(2) says of one of its descriptors. */
short end_poll(const struct end *, int fd);

/* Whether poll(2) knows anything of it; otherwise ready tells all. */
bool end_is_polled(const struct end *);

/* Only TCP tells of resets, and keeps what is not acknowledged. */
bool end_is_tcp(const struct end *);

/* What time brings by itself. */
void end_advance(struct end *);

/* After a change: sets ready. */
void end_update(struct end *);

/* Nobody will read what is on its way to it. */
void end_die(struct end *, int error);

/* Whether that can happen to it now, and would change anything. */
bool end_can(const struct end *, enum end_event);
void end_happen(struct end *, enum end_event);

/* More comes from it. */
void end_speak(struct end *);

#endif
