/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * After vfork(2) the child has our memory until it executes the command, and
 * we wait for that.  So it changes nothing but its process (signals, group,
 * descriptors, limits) and an errno for us.  posix_spawn(3) does the same,
 * but maps a stack for each child and asks for the action of every signal:
 * a start takes 140 us then, not 85.
 */
#include "child/spawn.h"

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "child/deathsig.h"
#include "child/environment.h"

enum { EXIT_NOT_STARTED = 127 };

/* What the child needs, and what failed there. */
struct spawn {
	char *const *argv;
	char *const *environment;
	const struct spawn_files *files;
	const struct spawn_rules *rules;
	pid_t parent;
	volatile int error; /* of the child, to be seen after its exit */
};

/*
 * Signals that we handle get their default action back before one can arrive:
 * our handlers would run in our memory.  Signals that our parent ignores for
 * us, as nohup(1) does, stay ignored; SIGPIPE is ignored by ourselves.
 */
static void
reset_signals(const sigset_t *handled)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	sigemptyset(&action.sa_mask);
	sigaction(SIGPIPE, &action, NULL);
	for (int number = 1; number < NSIG; number++)
		if (sigismember(handled, number) == 1)
			sigaction(number, &action, NULL);
}

/* dup2(2) to itself would leave the close-on-exec flag. */
static int
move_to(int fd, int where)
{
	return fd == where ? fcntl(fd, F_SETFD, 0) : dup2(fd, where);
}

/* The first terminal that a session opens becomes its own. */
static int
set_terminal(const char *path)
{
	int fd;

	setsid();
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd == -1 || move_to(fd, STDIN_FILENO) == -1 ||
	    move_to(fd, STDOUT_FILENO) == -1)
		return -1;
	return move_to(fd, STDERR_FILENO);
}

static int
set_files(const struct spawn_files *files)
{
	if (files->terminal[0] != '\0')
		return set_terminal(files->terminal);
	setpgid(0, 0);
	if (move_to(files->in, STDIN_FILENO) == -1)
		return -1;
	return move_to(files->out, STDOUT_FILENO);
}

static void
set_file_limit(rlim_t soft)
{
	struct rlimit limit;

	if (soft == 0 || getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return;
	limit.rlim_cur = soft;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void
execute(struct spawn *s)
{
	sigset_t none;

	reset_signals(s->rules->handled);
	if (deathsig_set(SIGTERM, s->parent) != -1 &&
	    set_files(s->files) != -1) {
		set_file_limit(s->rules->file_limit);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execvpe(s->argv[0], s->argv, s->environment);
	}
	s->error = errno;
	_exit(EXIT_NOT_STARTED);
}

/* vfork(2) returns twice: this function has no variables to lose. */
static pid_t
spawn_process(struct spawn *s)
{
	pid_t pid = vfork();

	if (pid == 0)
		execute(s);
	return pid;
}

/* With all signals blocked.  Returns 0 or an error number. */
static int
spawn_unsignalled(struct spawn *s, pid_t *pid)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	*pid = spawn_process(s);
	error = *pid == -1 ? errno : s->error;
	if (*pid != -1 && error != 0)
		waitpid(*pid, NULL, 0);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

int
spawn_command(char *const *argv, struct stream *client,
    const struct spawn_files *files, const struct spawn_rules *rules,
    pid_t *pid)
{
	struct environment environment;
	struct spawn s = {
		.argv = argv,
		.files = files,
		.rules = rules,
		.parent = getpid(),
	};
	bool has_terminal = files->terminal[0] != '\0';
	int error;

	if (environment_init(&environment, client, has_terminal) == -1)
		return -1;
	s.environment = environment.variables;
	error = spawn_unsignalled(&s, pid);
	environment_clear(&environment);
	errno = error;
	return error == 0 ? 0 : -1;
}
