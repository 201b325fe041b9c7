/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a command gets of us, and what it does not.
 */
#include "child/spawn.h"

#include <sys/resource.h>

#include "net/address.h"
#include "net/transport.h"
#include "stage.h"
#include "tap.h"

static char *const cat[] = { (char[]){ "cat" }, NULL };

static void
cat_runs_on_descriptor_0(void)
{
	const struct child_command command = { .argv = cat };
	int fds[2], input = fcntl(0, F_DUPFD_CLOEXEC, 3);
	struct stage s;

	open_stage(&s);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == -1)
		abort();
	dup3(fds[1], 0, O_CLOEXEC);
	close(fds[1]);
	s.fd = fds[0];
	nobody.in = 0;
	ok(child_start_on(s.children, &command, &nobody, note_end, &s) != NULL,
	    "the socket may be descriptor 0");
	dup3(input, 0, 0);
	close(input);
	if (write(s.fd, "zero", 4) != 4)
		abort();
	shutdown(s.fd, SHUT_WR);
	loop_run(s.loop);
	ok(said(&s, "zero") && exited(&s, 0), "and it is input and output too");
	close_stage(&s);
}

static void
a_socket_waits_for_a_command(void)
{
	struct child_command command = { .argv = cat };
	struct stage s;
	int fds[2];

	open_stage(&s);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		fds) == -1)
		abort();
	nobody.in = fds[1];
	child_start_on(s.children, &command, &nobody, note_end, &s);
	ok(!(fcntl(fds[1], F_GETFL) & O_NONBLOCK),
	    "the socket of a command waits");
	close(fds[1]);
	close(fds[0]);
	loop_run(s.loop);
	close_stage(&s);
}

static void
the_environment_tells_of_the_client(void)
{
	char *const env[] = { (char[]){ "env" }, NULL };
	struct stream client = {
		.out = -1,
		.transport = transport_by_type(TRANSPORT_INET, SOCK_STREAM),
	};
	struct stage s;

	address_set_any(&client.peer, AF_INET);
	address_set_host(&client.peer, "192.0.2.7");
	address_set_port(&client.peer, 4711);
	address_set_unix(&client.local, "/run/cat");
	setenv("NOTIFY_SOCKET", "/run/notify", 1);
	setenv("LISTEN_FDS", "1", 1);
	setenv("NCAT_LOCAL_PORT", "1", 1);
	setenv("SOCKCAT_STRATEGY", "copy", 1);
	open_stage(&s);
	on_socket(&s, env, &client);
	loop_run(s.loop);
	ok(said(&s, "SOCKCAT_REMOTE_ADDR=192.0.2.7\n") &&
		said(&s, "\nSOCKCAT_REMOTE_PORT=4711\n") &&
		said(&s, "\nSOCKCAT_LOCAL_ADDR=/run/cat\n") &&
		said(&s, "\nSOCKCAT_PROTO=tcp\n"),
	    "the environment tells of the client");
	ok(said(&s, "\nNCAT_REMOTE_ADDR=192.0.2.7\n") &&
		said(&s, "\nNCAT_REMOTE_PORT=4711\n") &&
		said(&s, "\nNCAT_LOCAL_ADDR=/run/cat\n") &&
		said(&s, "\nNCAT_PROTO=tcp\n"),
	    "by ncat's names too");
	ok(!said(&s, "LOCAL_PORT="), "what is not known is not there");
	ok(!said(&s, "NOTIFY_SOCKET=") && !said(&s, "LISTEN_FDS="),
	    "what is for sockcat alone is not there");
	ok(said(&s, "\nPATH=") && said(&s, "\nSOCKCAT_STRATEGY=copy\n"),
	    "the rest is there");
	close_stage(&s);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("LISTEN_FDS");
	unsetenv("NCAT_LOCAL_PORT");
	unsetenv("SOCKCAT_STRATEGY");
}

static void
nothing_else_is_inherited(void)
{
	struct stage s, other;

	open_stage(&other);
	script(&other, "exec cat", false);
	open_stage(&s);
	script(&s,
	    "for fd in 3 4 5 6 7 8 9; do"
	    " [ ! -e /proc/$$/fd/$fd ] || echo inherited $fd; done;"
	    " ulimit -Sn",
	    false);
	loop_run(s.loop);
	ok(!said(&s, "inherited") && exited(&s, 0),
	    "a command has no other client's descriptors");
	close_stage(&s);
	close_stage(&other);
	wait(NULL);
	has_child_ended = 0;
}

static void
the_limit_of_descriptors_is_the_old_one(void)
{
	struct rlimit before, after;
	struct stage s;

	getrlimit(RLIMIT_NOFILE, &before);
	open_stage(&s);
	children_set_file_limit(s.children, 77);
	script(&s, "ulimit -Sn", false);
	loop_run(s.loop);
	getrlimit(RLIMIT_NOFILE, &after);
	ok(said(&s, "77\n"), "a command has the limit that it is to have");
	ok(before.rlim_cur == after.rlim_cur &&
		before.rlim_max == after.rlim_max,
	    "and we have ours");
	close_stage(&s);
}

/* Whether a line of /proc/self/status has the bit of a signal. */
static bool
has_signal(const struct stage *s, const char *name, int number)
{
	const char *line = strstr(s->output, name);

	if (line == NULL)
		abort();
	return strtoull(line + strlen(name), NULL, 16) >> (number - 1) & 1;
}

static void
signals_are_as_at_the_start(void)
{
	char *const grep[] = { (char[]){ "grep" }, (char[]){ "Sig" },
		(char[]){ "/proc/self/status" }, NULL };
	sigset_t usr1, before;
	struct stage s;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, &before);
	signal(SIGUSR2, SIG_IGN);
	open_stage(&s);
	on_socket(&s, grep, &nobody);
	loop_run(s.loop);
	ok(!has_signal(&s, "SigBlk:", SIGUSR1), "no signal is blocked");
	ok(!has_signal(&s, "SigIgn:", SIGPIPE), "SIGPIPE is not ignored");
	ok(has_signal(&s, "SigIgn:", SIGUSR2),
	    "a signal that our parent wants ignored is");
	ok(!has_signal(&s, "SigCgt:", SIGCHLD), "and none is handled");
	close_stage(&s);
	signal(SIGUSR2, SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

int
main(void)
{
	prepare_stages();
	cat_runs_on_descriptor_0();
	a_socket_waits_for_a_command();
	the_environment_tells_of_the_client();
	nothing_else_is_inherited();
	the_limit_of_descriptors_is_the_old_one();
	signals_are_as_at_the_start();
	return tap_end();
}
