/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "decisions.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observe/log.h"
#include "relay/relay_impl.h"

enum { MINUTE_MS = 60000, TEXT_MAX = 1024 };

static char heard[TEXT_MAX];

/* Errors by that word; the last line without how long it took by our clock. */
static void
hear(const char *line, size_t length)
{
	const char *name = getprogname(), *end = line + length;
	const char *sent = memmem(line, length, " s: sent ", 9);

	if (strncmp(line, name, strlen(name)) == 0) {
		strlcat(heard, "error", sizeof(heard));
		line += strlen(name);
	}
	if (sent != NULL)
		line = sent + 4;
	strncat(heard, line, (size_t)(end - line));
}

static const char *
state_of(const struct flow *f, const struct end *to)
{
	static const char *const names[] = { "open", "drain", "written",
		"shut" };

	if (f->state == FLOW_SHUT && f->failure == FLOW_OK && !to->is_shut)
		return "shut without a word";
	return names[f->state];
}

static void
describe(const struct world *w, char *text)
{
	const struct relay *r = w->relay;

	if (w->task->done)
		snprintf(text, TEXT_MAX, "%s after %" PRId64 " ms",
		    w->result.is_complete ? "complete" : "incomplete",
		    w->ended_at - r->started_at);
	else if (r->is_leaving)
		strlcpy(text, "leaving", TEXT_MAX);
	else
		snprintf(text, TEXT_MAX, "outbound %s, inbound %s",
		    state_of(&r->outbound, &w->remote),
		    state_of(&r->inbound, &w->local));
}

static void
describe_end(const struct world *w, char *text)
{
	const struct relay_result *result = &w->result;

	if (w->remote.was_reset)
		strlcat(text, ", peer reset", TEXT_MAX);
	else if (!w->remote.is_shut)
		strlcat(text, ", peer not shut", TEXT_MAX);
	if (w->local.was_reset)
		strlcat(text, ", target reset", TEXT_MAX);
	if (result->is_reader_gone)
		strlcat(text, ", reader gone", TEXT_MAX);
	else if (result->is_local_gone)
		strlcat(text, ", local end gone", TEXT_MAX);
	if (result->is_source_failed)
		strlcat(text, ", input failed", TEXT_MAX);
	if (result->is_peer_failed)
		strlcat(text, ", peer failed", TEXT_MAX);
}

static void
play(struct world *w, const struct decision *d)
{
	size_t i = 0;

	for (; d->events[i] != 0 && !w->task->done; i++)
		if (!world_happen(w, d->events[i]))
			world_find(w, "an event cannot happen");
	if (d->events[i] != 0)
		world_find(w, "it ends before the last event");
	if (w->scene->signal == 0)
		world_run(w, w->now + MINUTE_MS);
}

static void
set_times(struct relay_options *o, unsigned with)
{
	o->hold = with & Q ? 1000 : with & Q0 ? 0 : -1;
	o->holds_from_peer = with & FROM_PEER;
	o->idle_timeout = with & W ? 5000 : -1;
	o->shutdown_after = with & NOW ? 0 : with & AFTER ? 10000 : -1;
	o->line_delay = with & DELAY ? 20000 : 0;
}

/* As run/session.c would have it. */
static struct scene
scene_for(const struct decision *d)
{
	unsigned with = d->with;
	struct scene s = { .local = d->local, .remote = d->remote };
	struct relay_options *o = &s.options;

	set_times(o, with);
	o->choice = STRATEGY_COPY;
	o->owns_local = d->local > INPUT;
	o->asks = d->local <= INPUT && !(with & (LISTENER | MANY));
	o->is_one_of_many = with & MANY;
	o->no_shutdown = with & SILENT;
	o->leaves = with & SEND_ONLY;
	o->read_limit = with & LIMIT ? 1 : 0;
	o->tolerate_abort = with & TOLERATE;
	s.is_input_over = with & INPUT_OVER;
	s.is_at_once = with & AT_ONCE;
	s.delay = with & FAR ? 100 : 0;
	s.signal = with & TERM ? SIGTERM : with & INT ? SIGINT : 0;
	return s;
}

bool
decision_holds(const struct decision *d)
{
	struct scene scene = scene_for(d);
	char outcome[TEXT_MAX];
	struct world w;
	bool is_over;

	heard[0] = '\0';
	log_set_verbosity(1);
	world_hear = hear;
	world_open(&w, &scene);
	play(&w, d);
	describe(&w, outcome);
	is_over = w.task->done || scene.signal != 0;
	world_close(&w);
	if (is_over)
		describe_end(&w, outcome);
	world_hear = NULL;
	log_set_verbosity(0);
	if (w.wrong != NULL)
		printf("# %s\n", w.wrong);
	if (strcmp(outcome, d->outcome) == 0 && strcmp(heard, d->lines) == 0)
		return w.wrong == NULL;
	printf("# outcome: %s\n# lines: %s\n", outcome, heard);
	return false;
}
