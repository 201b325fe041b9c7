/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * --forward: each client is joined to a connection of its own.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "cli/plan.h"
#include "net/dial.h"
#include "net/stream.h"
#include "observe/log.h"
#include "relay/linger.h"
#include "run/session.h"

struct forward {
	const struct site *site;
	struct stream *remote; /* until there is a relay */
	session_done *done;
	void *context;
};

static void
end(struct forward *f, const struct relay_result *result)
{
	f->done(f->context, &(struct session_result){ .relay = *result });
	free(f);
}

static void
relay_ended(void *context, const struct relay_result *result)
{
	end(context, result);
}

/* The client has not been told a word, and is told that there is an end. */
static void
connected(void *context, struct stream *target)
{
	struct forward *f = context;
	const struct site *site = f->site;
	struct relay_options more = { .owns_local = true };

	if (target == NULL) {
		linger_start(site->loop, f->remote);
		end(f, &(struct relay_result){ 0 });
		return;
	}
	/* Both ends are told of what came before the other's failure. */
	target->outlives_sink = true;
	if (session_relay(site, target, f->remote, &more, relay_ended, f) == -1)
		end(f, &(struct relay_result){ 0 });
}

int
forward_start(const struct site *site, struct stream *remote,
    session_done *done, void *context)
{
	struct forward *f = malloc(sizeof(*f));
	struct task *dial;

	if (f == NULL) {
		log_error("--forward: %s", strerror(errno));
		stream_free(remote);
		return -1;
	}
	*f = (struct forward){
		.site = site,
		.remote = remote,
		.done = done,
		.context = context,
	};
	dial = dial_new(&site->plan->target, connected, f);
	if (dial == NULL) {
		log_error("--forward: %s", strerror(errno));
		stream_free(remote);
		free(f);
		return -1;
	}
	loop_add(site->loop, dial);
	return 0;
}
