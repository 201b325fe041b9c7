/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The plan: what the user asked for.  Filled from argv, checked, then const
 * for the rest of the run.
 */
#ifndef SOCKCAT_CLI_PLAN_H
#define SOCKCAT_CLI_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/repeated.h"
#include "dial/target.h"
#include "hub/hub.h"
#include "listen/acl_sources.h"
#include "listen/listen_options.h"
#include "observe/event.h"
#include "relay/relay.h"
#include "stream/stdio.h"

/* -q without the option: what suits the ends decides, in run/session.c. */
#define PLAN_HOLD_DEFAULT INT64_MIN

struct plan {
	bool listen;    /* -l */
	bool keep_open; /* -k */
	bool inetd;     /* --inetd: listen on standard input's socket */
	bool pass_fd;   /* -F */
	int verbosity;  /* -v, as often as given */
	enum event_format log_format; /* --log-format */
	int ready_fd;                 /* --ready-fd; -1: none */
	bool forward;                 /* --forward, to the target */
	bool has_pty;                 /* --pty */
	bool has_acl;                 /* --allow, --deny and their files */
	int64_t accept_timeout; /* ms that nobody is served; -1: no limit */
	int64_t deadline;       /* --deadline: ms for the whole run; -1: none */

	char **command; /* -e, -c: what to run for each client; or NULL */
	enum hub_kind hub;
	int64_t slow_timeout;          /* --slow-timeout: ms; -1: never */
	bool until_eof;                /* --until-eof */
	size_t max_conns, max_waiting; /* --max-conns, --backlog */
	bool has_backlog;              /* which was given */
	const char *busy_message;

	/* Copies of arguments that were split into host and port. */
	char *copy, *target_copy;

	struct target target; /* where to connect; with -l, of --forward */
	struct listen_options server;  /* with -l */
	struct repeated_access access; /* that the acl refers to */
	struct acl_sources acl;
	struct stdio_options stdio;
	struct relay_options relay;
};

/* Frees the plan's own copies of arguments. */
void plan_clear(struct plan *);

#endif
