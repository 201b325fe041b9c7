/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A relay between all kinds of ends, through every order of what can happen
 * to them.  Whatever the order: the session ends, or something can still come
 * that moves it; no byte is lost in silence; a peer is reset exactly where it
 * could take a failure for an end; and nothing spins.
 */
#include "relay/relay.h"

#include <stdlib.h>

#include "tap.h"
#include "world.h"

enum {
	WATCH_MS = 15000, /* for what is to come, after the last event */
	WAYS = 16,
};

/* Waits for what comes by itself, and then lets everything end. */
static void
finish(struct world *w)
{
	world_run(w, w->now + WATCH_MS);
	if (w->wrong == NULL)
		world_look_at_wait(w);
	if (w->task->done)
		return;
	world_let_end(w);
	world_run(w, w->now + WATCH_MS);
	if (!w->task->done && world_has_an_end(w))
		world_find(w, "it does not end when everything has");
}

/* Returns what is wrong, or NULL. */
static const char *
try_order(const struct scene *scene, const int *order, int count)
{
	struct world w;
	bool is_over;

	world_open(&w, scene);
	for (int i = 0; i < count && !w.task->done; i++)
		world_happen(&w, order[i]);
	if (scene->is_at_once)
		world_run(&w, w.now + WORLD_SETTLE_MS);
	if (!scene->is_interrupted)
		finish(&w);
	is_over = w.task->done;
	world_close(&w);
	if (scene->is_interrupted)
		judge_interrupted(&w);
	else if (is_over)
		judge(&w);
	return w.wrong;
}

static const char *
whose(int event)
{
	if (event == A_WHILE_PASSES)
		return "";
	return event < HAPPENINGS ? "local " : "remote ";
}

static void
say_order(
    const char *why, const struct scene *scene, const int *order, int count)
{
	printf("# %s: %s and %s%s%s%s%s%s:", why, makes[scene->local],
	    makes[scene->remote], scene->name, scene->is_busy ? ", busy" : "",
	    scene->is_at_once ? ", at once" : "",
	    scene->delay > 0 ? ", far" : "",
	    scene->is_interrupted ? ", interrupted" : "");
	for (int i = 0; i < count; i++)
		printf(" %s%s;", whose(order[i]),
		    order[i] == A_WHILE_PASSES
			? "a while passes"
			: happenings[order[i] % HAPPENINGS]);
	printf("\n");
}

/* The first order that fails so is told in full. */
static void
replay(const char *why, const struct scene *scene, const int *order, int count)
{
	static const char *told[32];
	size_t i = 0;

	while (told[i] != NULL && told[i] != why)
		i++;
	if (told[i] == why)
		return;
	told[i] = why;
	are_lines_shown = true;
	try_order(scene, order, count);
	are_lines_shown = false;
}

static bool
is_used(const int *order, int used, int event)
{
	for (int i = 0; i < used; i++)
		if (order[i] == event)
			return true;
	return false;
}

static long tries;

/* Every order of up to so many different events. */
static int
try_orders(const struct scene *scene, int *order, int used, int count)
{
	int failures = 0;
	const char *why = try_order(scene, order, used);

	tries++;
	if (why != NULL) {
		say_order(why, scene, order, used);
		replay(why, scene, order, used);
		failures++;
	}
	for (int e = 0; e < EVENTS && used < count && failures == 0; e++) {
		if (is_used(order, used, e))
			continue;
		order[used] = e;
		failures += try_orders(scene, order, used + 1, count);
	}
	return failures;
}

/* Near or far, in silence or not, one by one or at once. */
static int
try_scene(struct scene *scene, int count)
{
	int order[EVENTS], failures = 0;

	for (int way = 0; way < WAYS; way++) {
		scene->is_busy = way & 1;
		scene->is_at_once = way & 2;
		scene->delay = way & 4 ? 50 : 0;
		scene->is_interrupted = way & 8;
		failures += try_orders(scene, order, 0, count);
	}
	return failures;
}

/* As run/session.c would have them. */
static struct relay_options
options_for(const struct relay_options *base, enum make local, enum make remote)
{
	struct relay_options o = *base;
	bool is_standard = local <= INPUT;
	bool is_script = (remote == UDP || remote == PEER) && is_standard &&
	    local != TERMINAL;

	o.owns_local = !is_standard;
	o.asks = base->asks && is_standard;
	o.holds_from_peer = local == UDP;
	o.is_one_of_many |= local == MEMBER || remote == PEER;
	if (o.hold < 0 && (is_script || local == UDP))
		o.hold = 1000;
	if (o.idle_timeout < 0 && o.is_one_of_many &&
	    (remote == UDP || remote == PEER))
		o.idle_timeout = 10000;
	return o;
}

static bool
do_meet(enum make local, enum make remote)
{
	if (remote < TCP || local == PEER || local == SEQPACKET)
		return false;
	if (local <= INPUT)
		return remote != PEER;
	return local != MEMBER || remote != UDP;
}

static void
every_order_ends(const char *name, const struct relay_options *base, int count)
{
	int failures = 0;

	for (int l = 0; l < MAKES; l++) {
		for (int r = 0; r < MAKES; r++) {
			struct scene scene = { .name = name,
				.local = (enum make)l,
				.remote = (enum make)r };

			if (!do_meet(scene.local, scene.remote))
				continue;
			scene.options =
			    options_for(base, scene.local, scene.remote);
			failures += try_scene(&scene, count);
		}
	}
	ok(failures == 0, "every order of %d events ends in order%s", count,
	    name);
}

static const struct relay_options plain = { .hold = -1,
	.idle_timeout = -1,
	.shutdown_after = -1,
	.asks = true,
	.choice = STRATEGY_COPY };

static void
with_times(int count)
{
	struct relay_options o = plain;

	o.shutdown_after = 0;
	every_order_ends(", with -N", &o, count);
	o.leaves = true;
	every_order_ends(", with --send-only", &o, count);
	o = plain;
	o.shutdown_after = 2000;
	every_order_ends(", with --shutdown-after", &o, count);
	o = plain;
	o.hold = 0;
	every_order_ends(", with -q 0", &o, count);
	o.hold = 100;
	every_order_ends(", with -q", &o, count);
	o.line_delay = 200;
	every_order_ends(", with -q and -i", &o, count);
	o.hold = -1;
	every_order_ends(", with -i", &o, count);
	o.idle_timeout = 100;
	every_order_ends(", with -w and -i", &o, count);
	o.line_delay = 0;
	o.idle_timeout = 5000;
	every_order_ends(", with -w", &o, count);
}

static void
with_others(int count)
{
	struct relay_options o = plain;

	o.read_limit = 2;
	every_order_ends(", with -W", &o, count);
	o.line_delay = 200;
	every_order_ends(", with -W and -i", &o, count);
	o = plain;
	o.no_shutdown = true;
	every_order_ends(", with --no-shutdown", &o, count);
	o = plain;
	o.tolerate_abort = true;
	every_order_ends(", with --tolerate-abort", &o, count);
	o = plain;
	o.asks = false;
	every_order_ends(", of a listener", &o, count);
	o.is_one_of_many = true;
	every_order_ends(", of one of many", &o, count);
}

/* With an argument, orders of that many events. */
int
main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 2;

	every_order_ends("", &plain, count);
	with_times(count);
	with_others(count);
	printf("# %ld orders\n", tries);
	return tap_end();
}
