/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "relay/quiet.h"

#include "base/loop.h"
#include "stream/stream.h"
#include "tap.h"

static size_t unsent;
static int64_t round_trip;

static size_t
peer_unsent(struct stream *s)
{
	(void)s;
	return unsent;
}

static int64_t
peer_round_trip(struct stream *s)
{
	(void)s;
	return round_trip;
}

static const struct stream_kind peer_kind = {
	.unsent = peer_unsent,
	.round_trip = peer_round_trip,
};

static struct stream peer = { .kind = &peer_kind, .in = -1, .out = -1 };

/* When it is over if nothing more happens; asks when it wants to be asked. */
static int64_t
ends_at(struct quiet *q)
{
	for (int i = 0; i < 100; i++) {
		int64_t at = quiet_deadline(q);

		if (at == LOOP_NEVER || quiet_is_over(q, &peer, at))
			return at;
		if (quiet_deadline(q) <= at)
			return -1; /* it would spin */
	}
	return LOOP_NEVER;
}

static void
silence_ends(void)
{
	struct quiet q;

	quiet_init(&q, -1, 1000);
	ok(!quiet_is_over(&q, &peer, 1299), "299 ms of silence are too little");
	ok(ends_at(&q) == 1300, "300 ms are enough");
	quiet_note(&q, 10, 0, true, 1050);
	ok(ends_at(&q) == 1350, "a byte that comes begins it anew");
	quiet_note(&q, 10, 5, true, 1300);
	ok(ends_at(&q) == 1600, "and so does one that is sent");
	quiet_init(&q, 2000, 1000);
	quiet_note(&q, 10, 0, true, 2500);
	ok(ends_at(&q) == 4500, "the user's time is kept exactly");
}

static void
pauses_make_it_longer(void)
{
	struct quiet q;

	quiet_init(&q, -1, 1000);
	quiet_note(&q, 1, 0, true, 1000);
	quiet_note(&q, 2, 0, true, 1250);
	ok(ends_at(&q) == 1250 + 750, "three times the longest pause");
	quiet_init(&q, -1, 1000);
	quiet_note(&q, 1, 0, true, 3000);
	ok(ends_at(&q) == 3000 + 3000, "but never more than 3 s");
	quiet_init(&q, -1, 1000);
	quiet_note(&q, 1, 0, true, 1050);
	ok(ends_at(&q) == 1050 + 300, "short pauses change nothing");
	quiet_init(&q, -1, 1000);
	quiet_note(&q, 0, 9, true, 2000);
	quiet_note(&q, 1, 9, true, 2010);
	ok(ends_at(&q) == 2010 + 300, "nor does a pause of our own");
}

static void
it_counts_only_while_the_peer_is_waited_for(void)
{
	struct quiet q;

	quiet_init(&q, -1, 1000);
	quiet_note(&q, 1, 0, false, 1100);
	ok(quiet_deadline(&q) == LOOP_NEVER,
	    "while output is blocked there is no deadline");
	quiet_note(&q, 1, 0, true, 9000);
	ok(ends_at(&q) == 9300, "and it begins anew afterwards");
	ok(q.longest <= 100, "that was no pause of the peer");
	quiet_init(&q, -1, 1000);
	ok(!quiet_is_over(&q, &peer, 3000) && ends_at(&q) == 3300,
	    "nor is the time for which we were stopped");
}

static void
slow_lines_are_given_more(void)
{
	struct quiet q;

	round_trip = 200;
	quiet_init(&q, -1, 1000);
	ok(ends_at(&q) == 2000, "four round trips and 200 ms");
	round_trip = 10;
	quiet_init(&q, -1, 1000);
	ok(ends_at(&q) == 1300, "where that is more");
	round_trip = 0;
	unsent = 1;
	quiet_init(&q, -1, 1000);
	ok(!quiet_is_over(&q, &peer, 1300) && quiet_deadline(&q) > 1300,
	    "what is not acknowledged cannot be answered yet");
	unsent = 0;
	ok(ends_at(&q) == 1600, "and silence counts from then on");
}

int
main(void)
{
	silence_ends();
	pauses_make_it_longer();
	it_counts_only_while_the_peer_is_waited_for();
	slow_lines_are_given_more();
	return tap_end();
}
