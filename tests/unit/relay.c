/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A relay between all kinds of ends, through every order of what can happen
 * to them.  Whatever the order: the session ends, or something can still come
 * that moves it; no byte is lost in silence; a peer is reset exactly where it
 * could take a failure for an end; and nothing spins.
 */
#include "relay/relay.h"

#include <err.h>
#include <signal.h>
#include <stdlib.h>

#include "tap.h"
#include "walk/decisions.h"
#include "walk/orders.h"

enum { LENGTH_MAX = 3 };

/* -q and -w of the long orders. */
enum { LONG_HOLD_MS = 2000, LONG_IDLE_MS = 5000 };

static const struct relay_options plain = { .hold = -1,
	.idle_timeout = -1,
	.shutdown_after = -1,
	.asks = true,
	.choice = STRATEGY_COPY };

/* As run/session.c would have them. */
static struct relay_options
options_for(
    const struct relay_options *base, enum end_kind local, enum end_kind remote)
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
do_meet(enum end_kind local, enum end_kind remote)
{
	if (remote < TCP || local == PEER || local == SEQPACKET)
		return false;
	if (local <= INPUT)
		return remote != PEER;
	return local != MEMBER || remote != UDP;
}

/*
 * In silence or not, one by one or at once, and that near, far or to a signal.
 * Sanitizers are slow: with them it is every third of these ways.
 */
static bool
try_ways(const struct orders *orders, struct scene *scene)
{
	enum { WAYS = 12 };
	int step = getenv("SANITIZED") != NULL ? 3 : 1;
	bool is_right = true;

	for (int way = 0; way < WAYS; way += step) {
		scene->is_busy = way & 1;
		scene->is_at_once = way & 2;
		scene->delay = way / 4 == 1 ? 50 : 0;
		scene->signal = way / 4 == 2 ? SIGTERM : 0;
		is_right &= orders_try(orders, scene);
	}
	return is_right;
}

/* Every pair of ends, and orders of all that can happen. */
static void
every_order_ends(const char *name, const struct relay_options *base, int length)
{
	int events[A_WHILE_PASSES];
	const struct orders orders = { events, A_WHILE_PASSES, length };
	bool is_right = true;

	for (int e = 0; e < A_WHILE_PASSES; e++)
		events[e] = e + 1;
	for (int l = 0; l < END_KINDS; l++) {
		for (int r = 0; r < END_KINDS; r++) {
			struct scene scene = { .name = name,
				.local = (enum end_kind)l,
				.remote = (enum end_kind)r };

			if (!do_meet(scene.local, scene.remote))
				continue;
			scene.options =
			    options_for(base, scene.local, scene.remote);
			is_right &= try_ways(&orders, &scene);
		}
	}
	ok(is_right, "every order of %d events ends in order%s", length, name);
}

static void
with_times(int length)
{
	struct relay_options o = plain;

	o.shutdown_after = 0;
	every_order_ends(", with -N", &o, length);
	o.leaves = true;
	every_order_ends(", with --send-only", &o, length);
	o = plain;
	o.shutdown_after = 2000;
	every_order_ends(", with --shutdown-after", &o, length);
	o = plain;
	o.hold = 0;
	every_order_ends(", with -q 0", &o, length);
	o.hold = 100;
	every_order_ends(", with -q", &o, length);
	o.line_delay = 200;
	every_order_ends(", with -q and -i", &o, length);
	o.hold = -1;
	every_order_ends(", with -i", &o, length);
	o.idle_timeout = 100;
	every_order_ends(", with -w and -i", &o, length);
	o.line_delay = 0;
	o.idle_timeout = 5000;
	every_order_ends(", with -w", &o, length);
}

static void
with_others(int length)
{
	struct relay_options o = plain;

	o.read_limit = 2;
	every_order_ends(", with -W", &o, length);
	o.line_delay = 200;
	every_order_ends(", with -W and -i", &o, length);
	o = plain;
	o.no_shutdown = true;
	every_order_ends(", with --no-shutdown", &o, length);
	o = plain;
	o.tolerate_abort = true;
	every_order_ends(", with --tolerate-abort", &o, length);
	o = plain;
	o.asks = false;
	every_order_ends(", of a listener", &o, length);
	o.is_one_of_many = true;
	every_order_ends(", of one of many", &o, length);
}

/*
 * What a session can meet, once each, in every order: the ends of both, a
 * reset, a sink that is full, one that leaves, a message that is too large,
 * and both timers.
 */
static void
every_long_order_ends(const char *whose, int sink)
{
	const int events[] = { LOCAL + ENDS, REMOTE + ENDS, REMOTE + DIES,
		sink + LEAVES, sink + FULL, LOCAL + LARGE, HOLD_RUNS_OUT,
		IDLE_RUNS_OUT };
	const int count = (int)(sizeof(events) / sizeof(*events));
	const struct orders orders = { events, count, count };
	struct relay_options base = plain;
	bool is_right = true;

	base.hold = LONG_HOLD_MS;
	base.idle_timeout = LONG_IDLE_MS;
	for (int l = 0; l < END_KINDS; l++) {
		for (int r = 0; r < END_KINDS; r++) {
			struct scene scene = { .name = ", with -q and -w",
				.local = (enum end_kind)l,
				.remote = (enum end_kind)r,
				.is_busy = true };

			if (!do_meet(scene.local, scene.remote))
				continue;
			scene.options =
			    options_for(&base, scene.local, scene.remote);
			is_right &= orders_try(&orders, &scene);
		}
	}
	ok(is_right, "every order of %d events of %s sink ends in order", count,
	    whose);
}

static void
decisions_hold(const struct decision *d)
{
	for (; d->name != NULL; d++)
		ok(decision_holds(d), "%s", d->name);
}

/* With an argument, orders of that many events: 3 take a minute. */
int
main(int argc, char **argv)
{
	const char *bad = NULL;
	int length = 2;

	if (argc > 1)
		length = (int)strtonum(argv[1], 1, LENGTH_MAX, &bad);
	if (bad != NULL)
		errx(2, "length %s: %s", argv[1], bad);
	decisions_hold(decisions_on_ends);
	decisions_hold(decisions_on_failures);
	decisions_hold(decisions_on_times);
	every_order_ends("", &plain, length);
	with_times(length);
	with_others(length);
	every_long_order_ends("the local", LOCAL);
	every_long_order_ends("the remote", REMOTE);
	printf("# %ld orders\n", orders_tried);
	return tap_end();
}
