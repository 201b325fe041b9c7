/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* The program may still be removed before it is executed. */
#include "cli/program.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Returns 0 or an error number. */
static int
check_file(const char *path)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return errno;
	if (S_ISDIR(st.st_mode))
		return EISDIR;
	return access(path, X_OK) == 0 ? 0 : errno;
}

/* An empty entry of PATH is the current folder. */
static char *
path_of(const char *folder, const char *name)
{
	char *path;

	if (asprintf(&path, "%s%s%s", folder, folder[0] == '\0' ? "" : "/",
		name) == -1)
		return NULL;
	return path;
}

/* The search path of execvp(3) without PATH: confstr(3), _CS_PATH. */
static char *
search_path(void)
{
	const char *given = getenv("PATH");
	size_t length;
	char *path;

	if (given != NULL)
		return strdup(given);
	length = confstr(_CS_PATH, NULL, 0);
	path = malloc(length + 1);
	if (path == NULL)
		return NULL;
	path[0] = '\0';
	confstr(_CS_PATH, path, length);
	return path;
}

/* A file that cannot be executed does not hide a later one in PATH. */
static int
search(const char *name)
{
	char *folders = search_path(), *rest = folders, *folder;
	int error = folders == NULL ? ENOMEM : ENOENT;

	while (error != 0 && (folder = strsep(&rest, ":")) != NULL) {
		char *path = path_of(folder, name);
		int found = path == NULL ? ENOMEM : check_file(path);

		if (found == 0 || found == EACCES)
			error = found;
		free(path);
	}
	free(folders);
	return error;
}

const char *
program_check(const char *name)
{
	int error;

	if (strchr(name, '/') != NULL) {
		error = check_file(name);
	} else {
		error = search(name);
		if (error == ENOENT)
			return "no such command in PATH";
	}
	return error == 0 ? NULL : strerror(error);
}
