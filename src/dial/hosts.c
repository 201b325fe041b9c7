/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Two stages that look a host up, and differ in which.
 */
#include "dial/hosts.h"

#include <errno.h>
#include <netdb.h>

#include "dial/stage.h"
#include "dial/target.h"
#include "net/address_text.h"
#include "net/lookup.h"
#include "net/resolve.h"
#include "net/transport.h"

struct hosts {
	struct stage stage;
	struct lookup lookup;
};

/* Takes the answer, which goes to one of the path's lists. */
static enum stage_code
hosts_take(struct hosts *h)
{
	static const struct address none;
	struct dial_path *p = h->stage.path;
	int code = lookup_take(
	    &h->lookup, p->stage == DIAL_SOURCE ? &p->sources : &p->addresses);
	int error = code == EAI_SYSTEM ? errno : 0;

	if (code == 0)
		return STAGE_DONE;
	if (p->target->transport->domain == TRANSPORT_INET)
		dial_path_fail(p, error, resolve_error(code));
	else
		dial_path_fail(p, error, address_error(&none, error));
	return STAGE_FAILED;
}

static enum stage_code
hosts_look_up(struct hosts *h, const struct resolve_query *query)
{
	const struct target *t = h->stage.path->target;

	if (!lookup_start(&h->lookup, t->transport, query))
		return STAGE_WAITS;
	return hosts_take(h);
}

static enum stage_code
source_start(struct stage *s, int64_t now)
{
	const struct target *t = s->path->target;
	struct resolve_query query = {
		.host = t->source,
		.port = t->source_port,
		.family = t->family,
		.numeric = t->numeric,
		.passive = true,
	};

	(void)now;
	if (t->transport->domain != TRANSPORT_INET ||
	    (t->source == NULL && t->source_port == NULL))
		return STAGE_DONE;
	return hosts_look_up((struct hosts *)s, &query);
}

static enum stage_code
resolve_start(struct stage *s, int64_t now)
{
	const struct target *t = s->path->target;
	struct resolve_query query = {
		.host = t->host,
		.port = t->port,
		.family = t->family,
		.numeric = t->numeric,
	};

	(void)now;
	return hosts_look_up((struct hosts *)s, &query);
}

static void
hosts_want(struct stage *s, struct poll_set *set)
{
	lookup_want(&((struct hosts *)s)->lookup, set);
}

static enum stage_code
hosts_step(struct stage *s, const struct poll_set *set, int64_t now)
{
	struct hosts *h = (struct hosts *)s;

	(void)set, (void)now;
	return lookup_has_answer(&h->lookup) ? hosts_take(h) : STAGE_WAITS;
}

static void
hosts_clear(struct stage *s)
{
	lookup_clear(&((struct hosts *)s)->lookup);
}

const struct stage_ops source_stage = {
	.name = DIAL_SOURCE,
	.size = sizeof(struct hosts),
	.start = source_start,
	.want = hosts_want,
	.step = hosts_step,
	.clear = hosts_clear,
};

const struct stage_ops resolve_stage = {
	.name = DIAL_RESOLVE,
	.size = sizeof(struct hosts),
	.start = resolve_start,
	.want = hosts_want,
	.step = hosts_step,
	.clear = hosts_clear,
};
