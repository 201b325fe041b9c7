/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a session came to, by the rules of a transfer: no byte is lost in
 * silence, and a peer is reset where it could take a failure for an end.
 */
#include "relay/relay_impl.h"
#include "world.h"

/* Whether a connection could be told by a reset, and was not. */
static bool
is_untold(const struct end *e)
{
	return end_is_tcp(e) && !e->is_dead && e->sink != SINK_VOID &&
	    !e->was_reset;
}

/* A unix peer that dies does not say how much it has not read. */
static size_t
lost(const struct world *w, const struct end *from, const struct end *to)
{
	if (to->is_dead && !end_is_tcp(to) &&
	    (w->scene->options.tolerate_abort || !to->is_death_seen))
		return 0;
	return from->read - to->delivered;
}

/*
 * Failed before the end of what was to be sent there.  A machine that has
 * vanished may come back, and read what its system holds.
 */
static bool
looks_complete(
    const struct world *w, const struct end *from, const struct end *to)
{
	return !w->result.is_complete && !from->is_end_read &&
	    from->kind != MUTE && !from->stream.is_connectionless &&
	    end_is_tcp(to) && !to->is_dead &&
	    (to->sink != SINK_VOID || to->is_silent) && !to->was_reset;
}

static void
judge_peers(struct world *w)
{
	const struct end *local = &w->local, *remote = &w->remote;
	const struct relay_options *o = &w->scene->options;
	bool is_by_choice =
	    o->tolerate_abort || o->leaves || o->hold >= 0 || o->read_limit > 0;

	if (lost(w, local, remote) > 0 && is_untold(remote))
		world_find(w, "the peer takes a failure for an end");
	if (lost(w, remote, local) > 0 && is_untold(local))
		world_find(w, "the target takes a failure for an end");
	if (looks_complete(w, local, remote) && !is_by_choice &&
	    !w->has_failed_after_input)
		world_find(w, "what failed looks complete to the peer");
	if (looks_complete(w, remote, local) && !is_by_choice)
		world_find(w, "what failed looks complete to the target");
	if (local->is_failure_read && is_untold(remote))
		world_find(w, "the peer takes a failed input for an end");
	if (remote->is_cut && remote->is_death_seen && !is_by_choice &&
	    is_untold(local))
		world_find(w, "the target takes a dead peer for an end");
}

/* It is over by itself, and freed. */
void
judge(struct world *w)
{
	const struct end *local = &w->local, *remote = &w->remote;
	const struct relay_result *result = &w->result;
	bool is_health_check = w->scene->options.is_one_of_many &&
	    remote->is_death_seen && remote->read == 0;
	bool is_told_by_hub = local->kind == MEMBER && local->sink == SINK_GONE;
	bool has_left =
	    local->kind == MEMBER && remote->is_dead && !remote->is_cut;

	if (w->done != 1)
		world_find(w, "done was not called once");
	if (result->is_complete &&
	    lost(w, local, remote) + lost(w, remote, local) > 0)
		world_find(w, "bytes were lost in silence");
	if (result->is_complete && (remote->was_reset || local->was_reset))
		world_find(w, "a whole session was reset");
	if (result->is_complete && w->lines > 0)
		world_find(w, "an error line of what was whole");
	if (!result->is_complete && w->lines == 0 && !result->is_reader_gone &&
	    !is_health_check && !is_told_by_hub && !has_left)
		world_find(w, "no line says why it was not whole");
	if (w->lines > 3 && !local->stream.is_connectionless &&
	    !remote->stream.reads_messages)
		world_find(w, "it is told again and again");
	judge_peers(w);
}

/* The process ends in the middle, by a signal. */
void
judge_interrupted(struct world *w)
{
	const struct end *local = &w->local, *remote = &w->remote;
	bool is_complete = w->has_told_end ||
	    (local->is_end_read && local->read == remote->written);

	if (w->done > 0 || !end_is_tcp(remote) || remote->is_dead ||
	    local->kind == MUTE)
		return;
	if (is_complete && remote->was_reset && w->lines == 0)
		world_find(w, "what was complete is reset by a signal");
	if (!is_complete && !remote->was_reset)
		world_find(w, "what was cut by a signal looks complete");
}
