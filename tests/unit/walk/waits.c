/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What a session that goes on waits for.
 */
#include <poll.h>

#include "relay/relay_impl.h"
#include "world.h"

static bool
is_wanted(const struct world *w, int fd, short events)
{
	for (size_t i = 0; i < w->set.count; i++)
		if (w->fds[i].fd == fd && w->fds[i].events & events)
			return true;
	return false;
}

/* Whether that end can still bring something that is waited for. */
static bool
is_source_awaited(
    const struct world *w, const struct end *e, const struct flow *f)
{
	if (e->has_ended || e->failure != 0 || e->kind == MUTE)
		return false;
	if (!end_is_polled(e))
		return f->state == FLOW_OPEN;
	return is_wanted(w, e->stream.in, POLLIN);
}

static bool
is_sink_awaited(
    const struct world *w, const struct end *e, const struct flow *f)
{
	if (e->sink != SINK_FULL)
		return false;
	if (!end_is_polled(e))
		return f->is_blocked;
	return is_wanted(w, e->stream.out, POLLOUT);
}

void
world_look_at_wait(struct world *w)
{
	const struct relay *r = w->relay;
	const struct end *local = &w->local, *remote = &w->remote;
	bool waits_for_reader = is_sink_awaited(w, local, &r->inbound);
	bool waits = waits_for_reader ||
	    is_source_awaited(w, local, &r->outbound) ||
	    is_source_awaited(w, remote, &r->inbound) ||
	    is_sink_awaited(w, remote, &r->outbound);

	if (w->task->done || w->task->ops->deadline(w->task) != LOOP_NEVER)
		return;
	if (!waits)
		world_find(w, "nothing can move it");
	else if (remote->is_death_seen && remote->stream.kind->is_connection &&
	    !r->options.tolerate_abort &&
	    (!waits_for_reader || relay_has_answer(r)))
		world_find(w, "it goes on with a dead peer");
	else if (local->is_death_seen && local->is_cut &&
	    local->stream.kind->is_connection)
		world_find(w, "it goes on with a dead target");
}

/* Datagrams end by time alone, which begins when our input has ended. */
bool
world_has_an_end(const struct world *w)
{
	const struct stream *local = &w->local.stream;
	const struct stream *remote = &w->remote.stream;
	const struct relay_options *o = &w->scene->options;

	if (!local->is_connectionless && !remote->is_connectionless)
		return true;
	if (local->is_mute ||
	    (local->is_connectionless && remote->is_connectionless))
		return o->idle_timeout >= 0;
	return o->hold >= 0 || o->idle_timeout >= 0;
}
