/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A load is complete or it is nothing: it keeps the reason of its failure
 * as text, because the thread that makes it reports nothing by itself.
 */
#include "listen/acl.h"

#include <sys/socket.h>

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "base/worker.h"
#include "listen/acl_lists.h"
#include "net/address.h"
#include "net/address_list.h"
#include "net/resolve.h"
#include "observe/event.h"

struct load {
	struct acl_options options;
	struct acl_lists access;
	char error[1024]; /* why it failed, or empty */
};

struct acl {
	struct task task;
	struct acl_options options;
	struct acl_lists access; /* in force */
	struct load *load;       /* the worker's until it is done */
	struct worker *worker;
	int slot;
	bool is_asked_again;
	acl_reloaded *reloaded;
	void *context;
};

/* Where a spec was found: an option, or a line of a file. */
struct origin {
	const char *name;
	size_t line; /* 0: an option */
};

/* Why, with the spec in front unless that is NULL. */
static bool
fail(struct load *l, const struct origin *p, const char *spec, const char *why)
{
	char where[512];

	if (p->line == 0)
		snprintf(where, sizeof(where), "%s ", p->name);
	else
		snprintf(where, sizeof(where), "%s:%zu: ", p->name, p->line);
	snprintf(l->error, sizeof(l->error), "%s%.256s%s%s", where,
	    spec != NULL ? spec : "", spec != NULL ? ": " : "", why);
	return false;
}

static bool
fail_file(struct load *l, const char *path)
{
	snprintf(
	    l->error, sizeof(l->error), "%.512s: %s", path, strerror(errno));
	return false;
}

/* Every address that a name stands for.  Returns NULL, or what is wrong. */
static const char *
add_name(const struct acl_options *o, struct acl_list *list, const char *name)
{
	struct resolve_query query = {
		.host = name,
		.family = o->family,
		.type = SOCK_STREAM,
		.numeric = o->numeric,
	};
	struct address_list found = { 0 };
	int code = resolve_now(&query, &found);
	const char *why = code == 0 ? NULL : resolve_error(code);

	if (code == EAI_NONAME && o->numeric)
		why = "must be an address, for -n looks up no names";
	for (size_t i = 0; i < found.count && why == NULL; i++)
		if (acl_list_add_address(list, &found.items[i]) == -1)
			why = strerror(errno);
	address_list_clear(&found);
	return why;
}

static bool
add_spec(struct load *l, struct acl_list *list, const struct origin *p,
    const char *spec)
{
	struct acl_range range;
	bool is_name;
	const char *why = acl_range_parse(spec, &range, &is_name);

	if (why == NULL && is_name)
		why = add_name(&l->options, list, spec);
	else if (why == NULL && acl_list_add(list, &range) == -1)
		why = strerror(errno);
	return why == NULL || fail(l, p, spec, why);
}

static bool
add_option(struct load *l, struct acl_list *list, const struct origin *p,
    const char *text)
{
	char *copy = strdup(text), *rest = copy, *spec;
	bool is_good = true;

	if (copy == NULL)
		return fail(l, p, text, strerror(errno));
	while (is_good && (spec = strsep(&rest, ",")) != NULL)
		is_good = add_spec(l, list, p, spec);
	free(copy);
	return is_good;
}

static bool
add_line(struct load *l, struct acl_list *list, const struct origin *p,
    char *line, size_t length)
{
	static const char blanks[] = " \t\r\n";
	char *rest, *spec;

	if (strlen(line) != length)
		return fail(l, p, NULL, "must be text");
	line[strcspn(line, "#")] = '\0';
	for (spec = strtok_r(line, blanks, &rest); spec != NULL;
	     spec = strtok_r(NULL, blanks, &rest))
		if (!add_spec(l, list, p, spec))
			return false;
	return true;
}

static bool
add_file(struct load *l, struct acl_list *list, const char *path)
{
	struct origin p = { .name = path };
	FILE *file = fopen(path, "re");
	bool is_good = true;
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (file == NULL)
		return fail_file(l, path);
	while (is_good && (length = getline(&line, &size, file)) != -1) {
		p.line++;
		is_good = add_line(l, list, &p, line, (size_t)length);
	}
	/* Without an end it was an error that ended it: EISDIR, ENOMEM. */
	if (is_good && !feof(file))
		is_good = fail_file(l, path);
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
add_all(struct load *l, struct acl_list *list, const char *option,
    const char *const *specs, const char *const *files)
{
	struct origin p = { .name = option };

	for (; is_given(specs); specs++)
		if (!add_option(l, list, &p, *specs))
			return false;
	for (; is_given(files); files++)
		if (!add_file(l, list, *files))
			return false;
	return true;
}

static void
load_run(void *context)
{
	struct load *l = context;
	const struct acl_options *o = &l->options;
	struct acl_lists *a = &l->access;

	/* An empty file allows nobody. */
	a->is_exclusive = is_given(o->allow) || is_given(o->allow_files);
	if (add_all(l, &a->allow, "--allow", o->allow, o->allow_files) &&
	    add_all(l, &a->deny, "--deny", o->deny, o->deny_files))
		acl_lists_sort(a);
}

static void
load_free(void *context)
{
	struct load *l = context;

	acl_lists_clear(&l->access);
	free(l);
}

static struct load *
load_new(const struct acl_options *options)
{
	struct load *l = calloc(1, sizeof(*l));

	if (l != NULL)
		l->options = *options;
	return l;
}

static void
report(const char *why)
{
	event_say(EVENT_ACCESS_KEPT, .reason = why);
}

static void
start(struct acl *g)
{
	g->is_asked_again = false;
	g->load = load_new(&g->options);
	if (g->load != NULL)
		g->worker = worker_start(load_run, load_free, g->load);
	if (g->worker != NULL)
		return;
	report(strerror(errno));
	free(g->load);
	g->load = NULL;
}

/* The old lists go where the new ones were, to be freed with the load. */
static void
take(struct acl *g)
{
	struct acl_lists old = g->access;

	worker_wait(g->worker);
	if (g->load->error[0] != '\0') {
		report(g->load->error);
	} else {
		g->access = g->load->access;
		g->load->access = old;
		event_say(EVENT_ACCESS_RELOADED);
	}
	worker_leave(g->worker);
	g->worker = NULL;
	g->load = NULL;
}

static void
tell(struct acl *g)
{
	if (g->reloaded != NULL)
		g->reloaded(g->context);
}

static void
acl_want(struct task *task, struct poll_set *set)
{
	struct acl *g = (struct acl *)task;

	g->slot = -1;
	if (g->worker != NULL)
		g->slot = poll_set_add(set, worker_fd(g->worker), POLLIN);
}

static int64_t
acl_deadline(const struct task *task)
{
	(void)task;
	return LOOP_NEVER;
}

static void
acl_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct acl *g = (struct acl *)task;

	(void)now;
	if (poll_set_events(set, g->slot) == 0)
		return;
	take(g);
	if (g->is_asked_again)
		start(g);
	if (g->worker == NULL)
		tell(g);
}

static void
acl_free(struct task *task)
{
	struct acl *g = (struct acl *)task;

	if (g->worker != NULL)
		worker_leave(g->worker);
	acl_lists_clear(&g->access);
	free(g);
}

static const struct task_ops acl_ops = {
	.name = "acl",
	.want = acl_want,
	.deadline = acl_deadline,
	.step = acl_step,
	.free = acl_free,
};

struct acl *
acl_load(const struct acl_options *options)
{
	struct acl *g = calloc(1, sizeof(*g));
	struct load *l = load_new(options);

	if (g == NULL || l == NULL) {
		event_failed("access lists", errno);
		goto failed;
	}
	load_run(l);
	if (l->error[0] != '\0') {
		event_say(EVENT_ACCESS_WRONG, .reason = l->error);
		goto failed;
	}
	g->task.ops = &acl_ops;
	g->options = *options;
	g->slot = -1;
	g->access = l->access;
	free(l);
	return g;
failed:
	if (l != NULL)
		load_free(l);
	free(g);
	return NULL;
}

struct task *
acl_task(struct acl *g)
{
	return &g->task;
}

void
acl_reload(struct acl *g, acl_reloaded *reloaded, void *context)
{
	g->reloaded = reloaded;
	g->context = context;
	if (g->worker != NULL)
		g->is_asked_again = true;
	else
		start(g);
	if (g->worker == NULL)
		tell(g);
}

bool
acl_allows(const struct acl *g, const struct address *address)
{
	return acl_lists_allows(&g->access, address);
}
