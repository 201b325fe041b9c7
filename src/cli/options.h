/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The options as they were given, before they make a plan.
 */
#ifndef SOCKCAT_CLI_OPTIONS_H
#define SOCKCAT_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/repeated.h"
#include "net/socket.h"
#include "observe/event.h"

enum { ROWS_MAX = 96 /* of the table */ };

struct options {
	int family;              /* -4, -6 */
	bool udp;                /* -u */
	bool unix_domain;        /* -U */
	bool seqpacket;          /* --seqpacket */
	bool vsock;              /* --vsock */
	const char *protocol;    /* --protocol */
	bool numeric;            /* -n */
	const char *source_port; /* -p */
	const char *source;      /* -s */
	bool randomize;          /* -r */
	int unix_mode;           /* --unix-mode */
	struct socket_options socket;

	bool listen;              /* -l */
	bool keep_open;           /* -k */
	int backlog;              /* --backlog; -1: the default */
	int max_conns;            /* --max-conns; 0: the default */
	const char *busy_message; /* --busy-message */
	const char *exec;         /* -e */
	const char *sh_exec;      /* -c */
	bool pty;                 /* --pty */
	const char *forward;      /* --forward */
	bool broker;              /* --broker */
	bool chat;                /* --chat */
	int64_t slow_timeout;     /* --slow-timeout */
	bool until_eof;           /* --until-eof */
	struct repeated_access access;
	bool inetd;   /* --inetd */
	int ready_fd; /* --ready-fd */

	bool shutdown;           /* -N */
	int64_t shutdown_after;  /* --shutdown-after */
	bool no_shutdown;        /* --no-shutdown */
	bool tolerate_abort;     /* --tolerate-abort */
	int64_t hold;            /* -q */
	bool no_stdin;           /* -d, --recv-only */
	bool send_only;          /* --send-only */
	int64_t timeout;         /* -w */
	int64_t connect_timeout; /* --connect-timeout, --wait */
	int64_t idle_timeout;    /* --idle-timeout */
	int64_t accept_timeout;  /* --accept-timeout */
	int64_t deadline;        /* --deadline */
	int64_t line_delay;      /* -i */
	uint64_t read_limit;     /* -W */
	bool crlf;               /* -C */
	bool telnet;             /* -t */
	uint64_t datagram_size;  /* --datagram-size */
	bool lines;              /* --lines */
	bool null_eof;           /* --null-eof */
	bool pass_fd;            /* -F */

	const char *scheme; /* "tcp", ... before a TARGET, or NULL */

	int verbosity;                /* -v */
	enum event_format log_format; /* --log-format */
	bool help;                    /* -h */
	bool version;                 /* -V */

	bool given[ROWS_MAX]; /* for each row of the table */
};

#endif
