/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A process that only connects does not change its environment: the variables
 * may be for another program.
 */
#include "run/supervisor.h"

#include "cli/plan.h"
#include "net/transport.h"
#include "observe/event.h"

static int
take_sockets(struct inherited *sockets, const struct plan *plan)
{
	if (plan->inetd)
		return inherited_from_inetd(sockets);
	return inherited_from_systemd(sockets);
}

/* Whether a descriptor is one of the sockets to serve. */
static bool
is_among(const struct inherited *sockets, int fd)
{
	for (size_t i = 0; i < sockets->count; i++)
		if (sockets->items[i].fd == fd)
			return true;
	return false;
}

/* As -U with access lists: a client without an IP address matches no list. */
static bool
can_guard(const struct inherited *sockets, const struct plan *plan)
{
	for (size_t i = 0; plan->has_acl && i < sockets->count; i++) {
		const struct inherited_socket *s = &sockets->items[i];

		if (s->transport->domain == TRANSPORT_INET)
			continue;
		event_say(EVENT_NO_ADDRESSES, .transport = s->transport->name);
		return false;
	}
	return true;
}

/* Returns the status to exit with, or 0. */
static int
take_over(struct supervisor *s, const struct plan *plan)
{
	if (ready_check(plan->ready_fd) == -1)
		return 2;
	/* First: until then an error line may go to inetd's client. */
	if (take_sockets(&s->sockets, plan) == -1)
		return 1;
	ready_init(&s->ready, plan->ready_fd);
	if (!can_guard(&s->sockets, plan))
		return 2;
	if (!is_among(&s->sockets, plan->ready_fd))
		return 0;
	event_say(EVENT_READY_WRONG, .descriptor = (uint64_t)plan->ready_fd);
	return 2;
}

bool
supervisor_init(struct supervisor *s, const struct plan *plan, int *status)
{
	*s = (struct supervisor){ .ready = { .fd = -1, .sender = -1 } };
	*status = plan->listen ? take_over(s, plan) : 0;
	return *status == 0;
}

void
supervisor_clear(struct supervisor *s)
{
	inherited_clear(&s->sockets);
}
