/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What can happen to an end, from outside.
 */
#include <errno.h>

#include "ends.h"

const char *const happenings[HAPPENINGS] = { "ends", "leaves", "dies",
	"is full", "takes again", "is short of memory",
	"is short of memory for good", "takes no more, by an error",
	"cannot be read", "sends too much at once" };

static bool
is_alive(const struct end *e)
{
	return !e->is_dead && e->sink != SINK_GONE && e->sink != SINK_VOID;
}

/* What it has sent before can still be read. */
static void
leave_end(struct end *e)
{
	switch (e->make) {
	case PTY:
	case TCP:
		e->has_ended = true;
		e->is_hung_up |= e->make == PTY;
		e->sink = SINK_VOID;
		break;
	case UNIX:
	case SEQPACKET:
		end_die(e, 0);
		break;
	case UDP:
	case PEER:
		break;
	default:
		e->sink = SINK_GONE;
		break;
	}
}

static void
kill_end(struct end *e)
{
	size_t unread = e->delivered < SOME ? e->delivered : SOME;

	switch (e->make) {
	case TCP:
		e->is_cut = !e->has_ended;
		end_die(e, e->has_ended ? EPIPE : ECONNRESET);
		break;
	case UNIX:
	case SEQPACKET:
		e->is_cut = !e->has_ended;
		if (e->is_cut)
			e->delivered -= unread;
		end_die(e, ECONNRESET);
		break;
	case UDP:
		e->error = ECONNREFUSED;
		break;
	case MEMBER:
	case PEER:
		break;
	default:
		e->has_ended |= e->make != MUTE;
		e->sink = SINK_GONE;
		break;
	}
}

static void
fill_end(struct end *e)
{
	e->sink = SINK_FULL;
	if (end_is_tcp(e) && !*e->is_let_go)
		e->stuck = e->delivered < SOME ? e->delivered : SOME;
}

static void
fail_end(struct end *e)
{
	switch (e->make) {
	case MUTE:
	case MEMBER:
	case PEER:
		break;
	case TCP:
		e->is_cut = true;
		end_die(e, ETIMEDOUT);
		break;
	default:
		e->failure = EIO;
		break;
	}
}

static void
starve_end(struct end *e, int refusals)
{
	if (is_alive(e))
		e->sink = SINK_SHORT;
	e->refusals = refusals;
}

/* Without output there is nothing that could become of it. */
static bool
concerns_output(enum happening what)
{
	return what != ENDS && what != FAILS && what != LARGE;
}

void
end_happen(struct end *e, enum happening what)
{
	e->moves++;
	if (e->make == INPUT && concerns_output(what))
		return;
	switch (what) {
	case ENDS:
		e->has_ended |= e->make != UDP && e->make != MUTE;
		break;
	case LEAVES:
		if (is_alive(e))
			leave_end(e);
		break;
	case DIES:
		if (!e->is_dead)
			kill_end(e);
		break;
	case FULL:
		if (is_alive(e))
			fill_end(e);
		break;
	case TAKES:
		if (is_alive(e))
			e->sink = SINK_TAKES;
		e->stuck = 0;
		e->refusals = 0;
		break;
	case PAUSES:
		starve_end(e, REFUSALS);
		break;
	case STARVES:
		starve_end(e, 1 << 30);
		break;
	case BREAKS:
		if (is_alive(e) && e->make != MEMBER)
			e->sink = SINK_BROKEN;
		break;
	case FAILS:
		if (!e->has_ended && !e->is_dead)
			fail_end(e);
		break;
	case LARGE:
		e->is_large = e->available > 0;
		break;
	case HAPPENINGS:
		break;
	}
	end_update(e);
}

void
end_speak(struct end *e)
{
	if (e->has_ended || e->failure != 0 || e->make == MUTE)
		return;
	e->available += SOME;
	e->moves++;
	end_update(e);
}
