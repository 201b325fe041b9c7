/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "child/child.h"

#include <dirent.h>

#include "net/address.h"
#include "net/socket.h"
#include "net/transport.h"
#include "relay/relay.h"
#include "stage.h"
#include "stream/connection.h"
#include "tap.h"

static char *const cat[] = { (char[]){ "cat" }, NULL };

static int
count_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	if (directory == NULL)
		abort();
	while (readdir(directory) != NULL)
		count++;
	closedir(directory);
	return count;
}

static void
cat_runs_on_a_socket(void)
{
	struct stage s;

	open_stage(&s);
	ok(on_socket(&s, cat, &nobody) != NULL, "a command is found by PATH");
	if (write(s.fd, "over a socket", 13) != 13)
		abort();
	shutdown(s.fd, SHUT_WR);
	loop_run(s.loop);
	ok(said(&s, "over a socket") && exited(&s, 0),
	    "a command has a socket as its input and output");
	close_stage(&s);
}

static void
cat_runs_behind_pipes(void)
{
	const struct child_command command = { .argv = cat };
	struct stage s;

	open_stage(&s);
	child_start(s.children, &command, &nobody, &s.local, note_end, &s);
	ok(strcmp(s.local->source, "standard output of cat") == 0 &&
		strcmp(s.local->sink, "standard input of cat") == 0,
	    "error lines can name what a command is behind");
	ok(stream_write(s.local, "by pipes", 8) == 8 &&
		stream_shut(s.local) == 0 && s.local->out == -1,
	    "a command can be written to, and told the end");
	loop_run(s.loop);
	ok(said(&s, "by pipes") && exited(&s, 0),
	    "what a command writes is read to its end");
	close_stage(&s);
}

static void
a_stream_outlives_its_command(void)
{
	struct stage s;

	open_stage(&s);
	script(&s, "exec <&-; echo last words; exit 3", false);
	loop_run(s.loop);
	ok(said(&s, "last words") && exited(&s, 3),
	    "the status of a command is reported");
	ok(stream_write(s.local, "x", 1) == STREAM_ERROR && errno == EPIPE,
	    "a command that has ended cannot be written to");
	close_stage(&s);
}

static bool
has_hung_up(int fd)
{
	struct pollfd p = { .fd = fd };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLHUP);
}

static void
cat_runs_on_a_terminal(void)
{
	struct stage s;

	open_stage(&s);
	script(&s, "tty; stty -echo; echo ready; cat; cat", true);
	hear_until(&s, "ready");
	stream_write(s.local, "typed\n", 6);
	stream_shut(s.local);
	hear_until(&s, "typed");
	stream_write(s.local, "in a line", 9);
	stream_shut(s.local);
	loop_run(s.loop);
	ok(said(&s, "/dev/pts/"), "a command has a terminal");
	ok(said(&s, "typed\r\n") && said(&s, "in a line") && exited(&s, 0),
	    "the end is a character there, in a line or between two");
	ok(has_hung_up(s.local->out) && stream_error(s.local) == EPIPE,
	    "a terminal that nobody has open has hung up");
	close_stage(&s);
}

/* The command reads only once it is told to. */
static void
a_full_terminal_takes_the_end_later(void)
{
	static const char line[] = "0123456789abcde\n";
	struct pollfd p = { .events = POLLOUT };
	size_t length = sizeof(line) - 1, typed = 0;
	char count[32];
	struct stage s;

	open_stage(&s);
	script(&s,
	    "stty -echo; trap 'kill $!' USR1; sleep 60 <&- >&- 2>&- & "
	    "echo $$; echo ready; wait; wc -c",
	    true);
	hear_until(&s, "ready");
	while (length == sizeof(line) - 1) {
		ssize_t n = stream_write(s.local, line, length);

		length = n > 0 ? (size_t)n : 0;
		typed += length;
	}
	ok(stream_shut(s.local) == STREAM_WANT_WRITE,
	    "a terminal that is full does not take the end");
	kill((pid_t)atoi(s.output), SIGUSR1);
	p.fd = s.local->out;
	while (stream_shut(s.local) == STREAM_WANT_WRITE)
		poll(&p, 1, -1);
	loop_run(s.loop);
	snprintf(count, sizeof(count), "%zu", typed);
	ok(said(&s, count) && exited(&s, 0),
	    "but later, behind all that was typed");
	close_stage(&s);
}

static void
a_terminal_controls_its_command(void)
{
	struct stage s;

	open_stage(&s);
	script(&s, "trap 'echo interrupted' INT; echo >/dev/tty ready; read x",
	    true);
	hear_until(&s, "ready");
	stream_write(s.local, "\003", 1);
	hear_until(&s, "interrupted");
	stream_write(s.local, "\n", 1);
	loop_run(s.loop);
	ok(s.ended == 1, "^C on its terminal interrupts a command");
	close_stage(&s);
}

static void
note_result(void *context, const struct relay_result *result)
{
	struct relay_result *noted = context;

	*noted = *result;
}

/* The peer writes more than a command takes that only says something. */
static void
a_relay_sends_what_came_before_the_end(bool has_pty, const char *name)
{
	const struct transport *local =
	    transport_by_type(TRANSPORT_UNIX, SOCK_STREAM);
	const struct relay_options options = { .hold = -1, .idle_timeout = -1 };
	const struct socket_options plain = { .tos = -1 };
	struct address unnamed = { .storage.ss_family = AF_UNIX,
		.length = sizeof(sa_family_t) };
	struct relay_result result = { .is_complete = true };
	struct stream *remote;
	struct stage s;
	int fds[2];

	open_stage(&s);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		fds) == -1)
		abort();
	s.fd = fds[0];
	script(&s, "exec <&-; seq 1000; echo last words", has_pty);
	remote = connection_new(fds[1], local, &plain, &unnamed);
	loop_add(
	    s.loop, relay_new(s.local, remote, &options, note_result, &result));
	if (write(s.fd, "more\n", 5) != 5)
		abort();
	loop_run(s.loop);
	ok(said(&s, "1000") && said(&s, "last words") && exited(&s, 0),
	    "a relay sends all that a command behind %s wrote", name);
	close_stage(&s);
}

static void
what_does_not_exist_is_not_started(void)
{
	char *const argv[] = { (char[]){ "./no-such-command" }, NULL };
	struct child_command command = { .argv = argv };
	int before = count_descriptors();
	struct stage s;

	open_stage(&s);
	errno = 0;
	ok(child_start(s.children, &command, &nobody, &s.local, note_end, &s) ==
		    NULL &&
		errno == ENOENT,
	    "a command that does not exist is an error at once");
	command.has_pty = true;
	errno = 0;
	ok(child_start(s.children, &command, &nobody, &s.local, note_end, &s) ==
		    NULL &&
		errno == ENOENT,
	    "with a terminal too");
	errno = 0;
	ok(on_socket(&s, argv, &nobody) == NULL && errno == ENOENT,
	    "and with a socket");
	ok(!children_are_running(s.children) && s.local == NULL,
	    "there is no child then");
	ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD,
	    "nor what was to become one");
	close_stage(&s);
	ok(count_descriptors() == before, "and no descriptor is left behind");
}

static void
the_end_comes_by_term_or_kill(void)
{
	struct child *child;
	struct stage s;

	open_stage(&s);
	child = script(&s, "echo ready; while :; do sleep 60; done", false);
	hear_until(&s, "ready");
	child_end(child);
	loop_run(s.loop);
	ok(s.ended == 1 && WIFSIGNALED(s.status) &&
		WTERMSIG(s.status) == SIGTERM,
	    "a command ends by SIGTERM, and so does what it started");
	close_stage(&s);

	open_stage(&s);
	children_set_patience(s.children, 50);
	child = script(
	    &s, "trap '' TERM; echo ready; while :; do sleep 60; done", false);
	hear_until(&s, "ready");
	child_end(child);
	child_end(child);
	loop_run(s.loop);
	ok(s.ended == 1 && WIFSIGNALED(s.status) &&
		WTERMSIG(s.status) == SIGKILL,
	    "one that ignores it by SIGKILL, once patience is over");
	close_stage(&s);
}

static void
freeing_the_loop_ends_commands(void)
{
	struct stage s;

	open_stage(&s);
	script(&s, "echo ready; while :; do sleep 60; done", false);
	hear_until(&s, "ready");
	close_stage(&s);
	ok(wait(&s.status) > 0 && WIFSIGNALED(s.status) &&
		WTERMSIG(s.status) == SIGTERM && s.ended == 0,
	    "commands that run when the loop is freed end, unreported");
	has_child_ended = 0;
}

static void
many_commands_are_all_reaped(void)
{
	enum { MANY = 200 };
	const struct child_command command = { .argv = cat };
	struct child *children[MANY];
	int fds[2], started = 0, before = count_descriptors();
	struct stage s;

	open_stage(&s);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == -1)
		abort();
	nobody.in = fds[1];
	for (int i = 0; i < MANY; i++) {
		children[i] =
		    child_start_on(s.children, &command, &nobody, note_end, &s);
		started += children[i] != NULL;
	}
	close(fds[1]);
	ok(started == MANY && s.ended == 0, "many commands run at once");
	for (int i = 0; i < MANY; i++)
		child_end(children[i]);
	loop_run(s.loop);
	ok(s.ended == MANY && !children_are_running(s.children),
	    "and each is reaped and reported");
	ok(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD,
	    "and none is left");
	close(fds[0]);
	close_stage(&s);
	ok(count_descriptors() == before, "and no descriptor either");
}

int
main(void)
{
	prepare_stages();
	cat_runs_on_a_socket();
	cat_runs_behind_pipes();
	a_stream_outlives_its_command();
	cat_runs_on_a_terminal();
	a_full_terminal_takes_the_end_later();
	a_terminal_controls_its_command();
	a_relay_sends_what_came_before_the_end(false, "pipes");
	a_relay_sends_what_came_before_the_end(true, "a terminal");
	what_does_not_exist_is_not_started();
	the_end_comes_by_term_or_kill();
	freeing_the_loop_ends_commands();
	many_commands_are_all_reaped();
	return tap_end();
}
