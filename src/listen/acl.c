/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Lists are loaded completely or not at all, and a thread reports nothing:
 * the load keeps the reason of its failure.
 */
#include "listen/acl.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "base/worker.h"
#include "listen/acl_lists.h"
#include "listen/acl_sources.h"
#include "observe/event.h"

struct load {
	struct acl_sources sources;
	struct acl_lists lists;
	bool is_good;
	char error[ACL_SOURCES_ERROR]; /* if it is not */
};

struct acl {
	struct task task;
	struct acl_sources sources;
	struct acl_lists lists; /* in force */
	struct load *load;      /* the worker's until it is done */
	struct worker *worker;
	int slot;
	bool is_asked_again;
	acl_reloaded *reloaded;
	void *context;
};

static struct load *
load_new(const struct acl_sources *sources)
{
	struct load *load = calloc(1, sizeof(*load));

	if (load != NULL)
		load->sources = *sources;
	return load;
}

static void
load_run(void *context)
{
	struct load *load = context;

	load->is_good =
	    acl_sources_read(&load->sources, &load->lists, load->error);
}

static void
load_free(void *context)
{
	struct load *load = context;

	acl_lists_clear(&load->lists);
	free(load);
}

static void
report_kept(const char *why)
{
	event_say(EVENT_ACCESS_KEPT, .reason = why);
}

static void
acl_start_load(struct acl *acl)
{
	acl->is_asked_again = false;
	acl->load = load_new(&acl->sources);
	if (acl->load != NULL)
		acl->worker = worker_start(load_run, load_free, acl->load);
	if (acl->worker != NULL)
		return;
	report_kept(strerror(errno));
	free(acl->load);
	acl->load = NULL;
}

/* The old lists take the place of the new ones, to be freed with the load. */
static void
acl_take_load(struct acl *acl)
{
	struct acl_lists old = acl->lists;

	worker_wait(acl->worker);
	if (acl->load->is_good) {
		acl->lists = acl->load->lists;
		acl->load->lists = old;
		event_say(EVENT_ACCESS_RELOADED);
	} else {
		report_kept(acl->load->error);
	}
	worker_leave(acl->worker);
	acl->worker = NULL;
	acl->load = NULL;
}

static void
tell_reloaded(struct acl *acl)
{
	if (acl->worker == NULL && acl->reloaded != NULL)
		acl->reloaded(acl->context);
}

static void
acl_want(struct task *task, struct poll_set *set)
{
	struct acl *acl = (struct acl *)task;

	acl->slot = -1;
	if (acl->worker != NULL)
		acl->slot = poll_set_add(set, worker_fd(acl->worker), POLLIN);
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
	struct acl *acl = (struct acl *)task;

	(void)now;
	if (poll_set_events(set, acl->slot) == 0)
		return;
	acl_take_load(acl);
	if (acl->is_asked_again)
		acl_start_load(acl);
	tell_reloaded(acl);
}

static void
acl_free(struct task *task)
{
	struct acl *acl = (struct acl *)task;

	if (acl->worker != NULL)
		worker_leave(acl->worker);
	acl_lists_clear(&acl->lists);
	free(acl);
}

static const struct task_ops acl_ops = {
	.name = "acl",
	.want = acl_want,
	.deadline = acl_deadline,
	.step = acl_step,
	.free = acl_free,
};

struct acl *
acl_new(const struct acl_sources *sources)
{
	struct acl *acl = calloc(1, sizeof(*acl));
	char error[ACL_SOURCES_ERROR];

	if (acl == NULL) {
		event_failed("access lists", errno);
		return NULL;
	}
	acl->task.ops = &acl_ops;
	acl->sources = *sources;
	acl->slot = -1;
	if (acl_sources_read(sources, &acl->lists, error))
		return acl;
	event_say(EVENT_ACCESS_WRONG, .reason = error);
	acl_free(&acl->task);
	return NULL;
}

struct task *
acl_task(struct acl *acl)
{
	return &acl->task;
}

void
acl_reload(struct acl *acl, acl_reloaded *reloaded, void *context)
{
	acl->reloaded = reloaded;
	acl->context = context;
	if (acl->worker != NULL)
		acl->is_asked_again = true;
	else
		acl_start_load(acl);
	tell_reloaded(acl);
}

bool
acl_allows(const struct acl *acl, const struct address *address)
{
	return acl_lists_allows(&acl->lists, address);
}
