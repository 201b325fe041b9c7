/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "listen/acl_sources.h"

#include <sys/socket.h>

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "listen/acl_lists.h"
#include "net/address.h"
#include "net/address_list.h"
#include "net/resolve.h"

/* One of the lists while it is read, and where in its sources that is. */
struct reader {
	const struct acl_sources *sources;
	struct acl_list *list;
	const char *name; /* of an option or a file */
	size_t line;      /* 0: it is an option */
	char *error;
};

/* Says why, with the spec in front unless that is NULL.  Returns false. */
static bool
reader_fail(struct reader *r, const char *spec, const char *why)
{
	char where[512];

	if (r->line == 0)
		snprintf(where, sizeof(where), "%s ", r->name);
	else
		snprintf(where, sizeof(where), "%s:%zu: ", r->name, r->line);
	snprintf(r->error, ACL_SOURCES_ERROR, "%s%.256s%s%s", where,
	    spec != NULL ? spec : "", spec != NULL ? ": " : "", why);
	return false;
}

/* The same for a whole file, with errno. */
static bool
reader_fail_file(struct reader *r)
{
	snprintf(r->error, ACL_SOURCES_ERROR, "%.512s: %s", r->name,
	    strerror(errno));
	return false;
}

/* Every address that a name stands for.  Returns NULL, or what is wrong. */
static const char *
add_name(struct reader *r, const char *name)
{
	struct resolve_query query = {
		.host = name,
		.family = r->sources->family,
		.type = SOCK_STREAM,
		.numeric = r->sources->numeric,
	};
	struct address_list found = { 0 };
	int code = resolve_now(&query, &found);
	const char *why = code == 0 ? NULL : resolve_error(code);

	if (code == EAI_NONAME && query.numeric)
		why = "must be an address, for -n looks up no names";
	for (size_t i = 0; i < found.count && why == NULL; i++)
		if (acl_list_add_address(r->list, &found.items[i]) == -1)
			why = strerror(errno);
	address_list_clear(&found);
	return why;
}

static bool
add_spec(struct reader *r, const char *spec)
{
	struct acl_range range;
	bool is_name;
	const char *why = acl_range_parse(spec, &range, &is_name);

	if (why == NULL && is_name)
		why = add_name(r, spec);
	else if (why == NULL && acl_list_add(r->list, &range) == -1)
		why = strerror(errno);
	return why == NULL || reader_fail(r, spec, why);
}

static bool
add_option(struct reader *r, const char *text)
{
	char *copy = strdup(text), *rest = copy, *spec;
	bool is_good = true;

	if (copy == NULL)
		return reader_fail(r, text, strerror(errno));
	while (is_good && (spec = strsep(&rest, ",")) != NULL)
		is_good = add_spec(r, spec);
	free(copy);
	return is_good;
}

static bool
add_line(struct reader *r, char *line, size_t length)
{
	static const char blanks[] = " \t\r\n";
	char *rest, *spec;

	if (strlen(line) != length)
		return reader_fail(r, NULL, "must be text");
	line[strcspn(line, "#")] = '\0';
	for (spec = strtok_r(line, blanks, &rest); spec != NULL;
	     spec = strtok_r(NULL, blanks, &rest))
		if (!add_spec(r, spec))
			return false;
	return true;
}

static bool
add_file(struct reader *r)
{
	FILE *file = fopen(r->name, "re");
	bool is_good = true;
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (file == NULL)
		return reader_fail_file(r);
	r->line = 0;
	while (is_good && (length = getline(&line, &size, file)) != -1) {
		r->line++;
		is_good = add_line(r, line, (size_t)length);
	}
	/* What ended before the end was an error: EISDIR, ENOMEM. */
	if (is_good && !feof(file))
		is_good = reader_fail_file(r);
	free(line);
	fclose(file);
	return is_good;
}

static bool
is_given(const char *const *array)
{
	return array != NULL && array[0] != NULL;
}

static bool
add_all(struct reader r, const char *const *specs, const char *const *files)
{
	for (; is_given(specs); specs++)
		if (!add_option(&r, *specs))
			return false;
	for (; is_given(files); files++) {
		r.name = *files;
		if (!add_file(&r))
			return false;
	}
	return true;
}

bool
acl_sources_read(const struct acl_sources *from, struct acl_lists *to,
    char error[ACL_SOURCES_ERROR])
{
	struct reader allow = { from, &to->allow, "--allow", 0, error };
	struct reader deny = { from, &to->deny, "--deny", 0, error };

	/* An empty file allows nobody. */
	to->is_exclusive = is_given(from->allow) || is_given(from->allow_files);
	if (!add_all(allow, from->allow, from->allow_files) ||
	    !add_all(deny, from->deny, from->deny_files))
		return false;
	acl_lists_sort(to);
	return true;
}
