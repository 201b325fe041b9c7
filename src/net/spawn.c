/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The order matters in one place: a session comes before its terminal is
 * opened, which makes the terminal the session's own.  posix_spawn(3) keeps
 * that order by itself.
 */
#include "net/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <unistd.h>

#include "net/environment.h"
#include "net/missing.h"

/*
 * Signals that we handle fall back to their default by themselves, and those
 * that our parent wants ignored, as nohup(1) does, stay so.  SIGPIPE is
 * ignored by ourselves.
 */
static int
set_attributes(posix_spawnattr_t *attributes, bool has_terminal)
{
	int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	sigset_t defaults, blocked;

	flags |= has_terminal ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
	sigemptyset(&blocked);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_setsigmask(attributes, &blocked);
	posix_spawnattr_setsigdefault(attributes, &defaults);
	return posix_spawnattr_setflags(attributes, (short)flags);
}

/*
 * A descriptor that stays where it is loses its close-on-exec flag by this,
 * too: posix_spawn_file_actions_adddup2(3) is no dup2(2) there.
 */
static int
set_files(posix_spawn_file_actions_t *actions, const struct spawn_files *files)
{
	int out = files->out, error;

	if (files->terminal[0] != '\0') {
		error = posix_spawn_file_actions_addopen(
		    actions, STDIN_FILENO, files->terminal, O_RDWR, 0);
		out = STDIN_FILENO;
	} else {
		error = posix_spawn_file_actions_adddup2(
		    actions, files->in, STDIN_FILENO);
	}
	if (error != 0)
		return error;
	return posix_spawn_file_actions_adddup2(actions, out, STDOUT_FILENO);
}

/* Limits are inherited, so ours is lowered for the moment. */
static int
spawn_limited(pid_t *pid, char *const *argv, char **environment,
    const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, rlim_t file_limit)
{
	struct rlimit before, lowered;
	bool is_lowered =
	    file_limit != 0 && getrlimit(RLIMIT_NOFILE, &before) == 0;
	int error;

	if (is_lowered) {
		lowered = before;
		lowered.rlim_cur = file_limit;
		setrlimit(RLIMIT_NOFILE, &lowered);
	}
	error =
	    posix_spawnp(pid, argv[0], actions, attributes, argv, environment);
	if (is_lowered)
		setrlimit(RLIMIT_NOFILE, &before);
	return error;
}

/* Returns 0 or an error number, as do the calls that it is made of. */
static int
spawn(pid_t *pid, char *const *argv, char **environment,
    const struct spawn_files *files, rlim_t file_limit)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error = posix_spawn_file_actions_init(&actions);

	if (error != 0)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error != 0)
		goto no_attributes;
	error = set_attributes(&attributes, files->terminal[0] != '\0');
	/* While the limit is low, a high descriptor would be refused. */
	if (error == 0)
		error = set_files(&actions, files);
	if (error == 0)
		error = spawn_limited(
		    pid, argv, environment, &actions, &attributes, file_limit);
	posix_spawnattr_destroy(&attributes);
no_attributes:
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

int
spawn_command(char *const *argv, const struct child_peer *peer,
    const struct spawn_files *files, rlim_t file_limit, pid_t *pid)
{
	struct environment environment;
	int error;

	if (environment_init(&environment, peer) == -1)
		return -1;
	error = spawn(pid, argv, environment.variables, files, file_limit);
	environment_clear(&environment);
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}
