/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include <sys/resource.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "helpers/clock.h"
#include "helpers/commands.h"

static pid_t
process_start(char **argv, const posix_spawn_file_actions_t *actions)
{
	pid_t pid;

	signal(SIGPIPE, SIG_DFL);
	if (posix_spawnp(&pid, argv[0], actions, NULL, argv, environ) != 0)
		errx(1, "%s cannot be executed", argv[0]);
	return pid;
}

int
spawn(char **words)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_WRONLY };
	int count = atoi(words[0]);
	posix_spawn_file_actions_t actions;
	double start;

	posix_spawn_file_actions_init(&actions);
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(
		    &actions, fd, "/dev/null", modes[fd], 0);
	start = clock_now();
	for (int i = 0; i < count; i++)
		waitpid(process_start(words + 2, &actions), NULL, 0);
	printf("%.9f\n", (clock_now() - start) / count);
	posix_spawn_file_actions_destroy(&actions);
	return 0;
}

static double
seconds(struct timeval t)
{
	return t.tv_sec + t.tv_usec * 1e-6;
}

/*
 * The peak of resident memory survives execve(2), so the one of the process
 * that forked would be counted.  This one is small enough not to matter.
 */
int
usage(char **words)
{
	pid_t pid = process_start(words + 2, NULL);
	struct rusage used;
	int status;
	FILE *report;

	if (wait4(pid, &status, 0, &used) != pid)
		err(1, "wait4");
	if ((report = fopen(words[0], "w")) == NULL)
		err(1, "%s", words[0]);
	fprintf(report, "%.6f %ld\n",
	    seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss);
	fclose(report);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
