/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What can happen to an end, from outside.
 */
#include <errno.h>

#include "ends.h"

const char *const end_event_names[END_EVENTS] = { "ends", "leaves", "dies",
	"vanishes", "is full", "takes again", "is short of memory",
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
	switch (e->kind) {
	case PTY:
	case TCP:
		e->has_ended = true;
		e->is_hung_up |= e->kind == PTY;
		e->sink = SINK_VOID;
		break;
	case UNIX:
	case SEQPACKET:
		end_die(e, 0);
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

	switch (e->kind) {
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
	default:
		e->has_ended |= e->kind != MUTE;
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
	if (end_is_tcp(e)) {
		e->is_cut = true;
		end_die(e, ETIMEDOUT);
	} else {
		e->failure = EIO;
	}
}

static void
starve_end(struct end *e, int refusals)
{
	if (is_alive(e))
		e->sink = SINK_SHORT;
	e->refusals = refusals;
}

/* Standard input alone has no output that anything could become of. */
static bool
concerns(const struct end *e, enum end_event what)
{
	switch (what) {
	case ENDS:
		return e->kind != UDP && e->kind != MUTE;
	case LEAVES:
		return e->kind != UDP && e->kind != PEER && e->kind != INPUT;
	case DIES:
		return e->kind != MEMBER && e->kind != PEER && e->kind != INPUT;
	case VANISHES:
		return end_is_tcp(e);
	case BREAKS:
		return e->kind != MEMBER && e->kind != INPUT;
	case FAILS:
		return e->kind != MUTE && e->kind != MEMBER && e->kind != PEER;
	case LARGE:
		return e->kind != MUTE;
	default:
		return e->kind != INPUT;
	}
}

bool
end_can(const struct end *e, enum end_event what)
{
	/* Of a machine that is gone keepalive tells in the end. */
	if (!concerns(e, what) || (e->is_silent && what != FAILS))
		return false;
	switch (what) {
	case ENDS:
		return !e->has_ended;
	case LEAVES:
		return is_alive(e);
	case DIES:
		return !e->is_dead && e->error == 0 &&
		    (!e->has_ended || e->sink != SINK_GONE);
	case VANISHES:
		return is_alive(e);
	case FULL:
		return is_alive(e) && e->sink != SINK_FULL;
	case TAKES:
		return e->refusals > 0 || e->stuck > 0 ||
		    (is_alive(e) && e->sink != SINK_TAKES);
	case BREAKS:
		return is_alive(e) && e->sink != SINK_BROKEN;
	case FAILS:
		return !e->has_ended && !e->is_dead && e->failure == 0;
	case LARGE:
		return e->available > 0 && !e->is_large;
	default:
		return is_alive(e) || !e->is_end_read;
	}
}

void
end_happen(struct end *e, enum end_event what)
{
	e->moves++;
	switch (what) {
	case ENDS:
		e->has_ended = true;
		break;
	case LEAVES:
		leave_end(e);
		break;
	case DIES:
		kill_end(e);
		break;
	case VANISHES:
		e->sink = SINK_VOID;
		e->is_silent = true;
		break;
	case FULL:
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
		e->sink = SINK_BROKEN;
		break;
	case FAILS:
		fail_end(e);
		break;
	case LARGE:
		e->is_large = true;
		break;
	case END_EVENTS:
		break;
	}
	end_update(e);
}

void
end_speak(struct end *e)
{
	if (e->has_ended || e->failure != 0 || e->is_silent || e->kind == MUTE)
		return;
	e->available += SOME;
	e->moves++;
	end_update(e);
}
