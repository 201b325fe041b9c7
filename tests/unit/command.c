/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A session with a command, as a server starts it once its client's stream is
 * there, with a real command on a real socket.
 */
#include "run/command.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "cli/plan.h"
#include "net/address.h"
#include "net/socket.h"
#include "net/transport.h"
#include "run/reaper.h"
#include "run/run.h"
#include "run/signals.h"
#include "stream/connection.h"
#include "stream/stream.h"
#include "tap.h"

enum { LIMIT_S = 60 };

static struct session_result result;

static void
session_ended(void *context, const struct session_result *r)
{
	result = *r;
	loop_stop(context);
}

/*
 * What "cat" answers a client that sends text and ends; some of it was read
 * already, and is to be read again.
 */
static void
ask_cat(const char *prefix, const char *text, char answer[static 64])
{
	static const struct socket_options plain = { 0 };
	static const struct address unnamed = { 0 };
	char *argv[] = { (char[]){ "cat" }, NULL };
	const struct plan plan = { .command = argv,
		.relay = { .idle_timeout = -1, .hold = PLAN_HOLD_DEFAULT } };
	struct run run = { .loop = loop_new(), .plan = &plan };
	struct stream *client;
	int fds[2];
	ssize_t n;

	if (run.loop == NULL || signals_add(run.loop) == -1 ||
	    reaper_start(&run, 0) == -1 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == -1)
		abort();
	client = connection_new(fds[1],
	    transport_by_type(TRANSPORT_UNIX, SOCK_STREAM), &plain, &unnamed);
	if (client == NULL ||
	    stream_unread(client, prefix, strlen(prefix)) == -1 ||
	    write(fds[0], text, strlen(text)) == -1)
		abort();
	shutdown(fds[0], SHUT_WR);
	command_start(&run, client, session_ended, run.loop);
	loop_run(run.loop);
	n = read(fds[0], answer, 63);
	answer[n < 0 ? 0 : n] = '\0';
	close(fds[0]);
	loop_free(run.loop);
}

int
main(void)
{
	char answer[64];

	closefrom(3);
	alarm(LIMIT_S);
	signal(SIGPIPE, SIG_IGN);
	ask_cat("", "over its socket", answer);
	ok(strcmp(answer, "over its socket") == 0 && result.status == 0,
	    "a command answers its client");
	ask_cat("read before, ", "and after", answer);
	ok(strcmp(answer, "read before, and after") == 0 && result.status == 0,
	    "a command gets what was read from its client before it started");
	return tap_end();
}
