/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A socket is disconnected and connected again where the family stays: it
 * keeps what it was bound to by the user, and gets a new address of the
 * system's choice where it was not.  See connect(2), AF_UNSPEC.
 */
#include "dial/redial.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/loop.h"
#include "dial/attempt.h"
#include "dial/target.h"
#include "dial/unanswered.h"
#include "net/address_list.h"
#include "net/lookup.h"
#include "net/resolve.h"
#include "net/socket.h"
#include "net/transport.h"
#include "observe/log.h"
#include "stream/reconnect.h"

enum {
	CHECK_MS = 1000, /* between looks at our own address */
};

struct redial {
	struct reconnect reconnect;
	struct target target;
	struct address_list sources, peers;
	size_t at;     /* of peers: the one it is connected to */
	bool may_move; /* its own address is the system's choice */
	bool is_lost;  /* it could not be connected anew */
	int64_t check_at;
	struct lookup lookup; /* after a move */
	bool is_answered;
	struct unanswered unanswered;
};

static int
redial_copy_addresses(struct redial *r, const struct address_list *sources,
    const struct address *peer, const struct address *others, size_t count)
{
	int result = address_list_add(&r->peers, peer);

	for (size_t i = 0; result == 0 && i < count; i++)
		result = address_list_add(&r->peers, &others[i]);
	for (size_t i = 0; result == 0 && i < sources->count; i++)
		result = address_list_add(&r->sources, &sources->items[i]);
	return result;
}

static void
redial_free(struct reconnect *reconnect)
{
	struct redial *r = (struct redial *)reconnect;

	unanswered_clear(&r->unanswered);
	lookup_clear(&r->lookup);
	address_list_clear(&r->sources);
	address_list_clear(&r->peers);
	free(r);
}

static void
redial_sent(struct reconnect *reconnect, const void *bytes, size_t length)
{
	struct redial *r = (struct redial *)reconnect;

	/* What goes to the last address cannot go elsewhere. */
	if (!r->is_answered && r->at + 1 < r->peers.count)
		unanswered_keep(&r->unanswered, bytes, length);
}

static void
redial_answered(struct reconnect *reconnect)
{
	struct redial *r = (struct redial *)reconnect;

	if (r->is_answered)
		return;
	r->is_answered = true;
	unanswered_clear(&r->unanswered);
}

static const struct address *
redial_peer(const struct reconnect *reconnect)
{
	const struct redial *r = (const struct redial *)reconnect;

	return &r->peers.items[r->at];
}

static int
redial_reconnect(int fd, const struct address *peer)
{
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };

	connect(fd, &nobody, sizeof(nobody));
	return connect(fd, address_sockaddr(peer), peer->length);
}

/* A socket of the other family, in the place of the one that was. */
static int
redial_replace(struct redial *r, int fd, const struct address *peer)
{
	struct attempt a;
	int result = -1;

	attempt_init(&a, peer);
	if (attempt_open(&a, &r->target, &r->sources) == 0 &&
	    attempt_connect(&a) == 0 && dup3(a.fd, fd, O_CLOEXEC) != -1)
		result = 0;
	attempt_release(&a);
	return result;
}

static bool
redial_connects(struct redial *r, int fd, size_t at)
{
	const struct address *peer = &r->peers.items[at];
	int result;

	if (address_family(peer) == address_family(redial_peer(&r->reconnect)))
		result = redial_reconnect(fd, peer);
	else
		result = redial_replace(r, fd, peer);
	if (result == -1)
		return false;
	r->at = at;
	r->is_lost = false;
	r->check_at = loop_after(loop_now(), CHECK_MS);
	socket_error(fd);
	target_announce(&r->target, peer, NULL);
	return true;
}

/* There was no answer: perhaps the next address gives one. */
static bool
redial_goes_on(struct redial *r, int fd)
{
	for (size_t at = r->at + 1; !r->is_answered && at < r->peers.count;
	     at++) {
		if (!redial_connects(r, fd, at))
			continue;
		unanswered_send(&r->unanswered, fd);
		return true;
	}
	return false;
}

/* Whether the address that the socket sends from is not ours any more. */
static bool
is_source_gone(int fd)
{
	struct address local;
	bool is_gone;
	int probe;

	socket_local(fd, &local);
	if (local.length == 0 || address_is_any(&local))
		return false;
	probe = socket(address_family(&local), SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (probe == -1)
		return false;
	address_set_port(&local, 0);
	is_gone = bind(probe, address_sockaddr(&local), local.length) == -1 &&
	    errno == EADDRNOTAVAIL;
	close(probe);
	return is_gone;
}

static void
redial_look_up(struct redial *r)
{
	struct resolve_query query = {
		.host = r->target.host,
		.port = r->target.port,
		.family = r->target.family,
	};

	if (r->lookup.question != NULL || r->target.numeric)
		return;
	/* What is known at once is the address that we had. */
	if (lookup_start(&r->lookup, r->target.transport, &query))
		lookup_clear(&r->lookup);
}

/* Another network may know the name under other addresses. */
static bool
redial_takes_answer(struct redial *r, int fd)
{
	struct address_list found;
	struct address now = *redial_peer(&r->reconnect);
	bool is_known = false;
	int code = lookup_take(&r->lookup, &found);

	for (size_t i = 0; code == 0 && i < found.count; i++)
		is_known |= address_equal(&found.items[i], &now);
	if (code != 0 || is_known || found.count == 0 ||
	    address_list_add(&found, &now) == -1) {
		address_list_clear(&found);
		return false;
	}
	/* The one it is connected to is the last, then. */
	address_list_clear(&r->peers);
	r->peers = found;
	r->at = found.count - 1;
	for (size_t at = 0; at + 1 < found.count; at++)
		if (redial_connects(r, fd, at))
			return true;
	return false;
}

static bool
redial_moves(struct redial *r, int fd)
{
	if (!r->may_move || (!r->is_lost && !is_source_gone(fd)))
		return false;
	redial_look_up(r);
	r->is_lost = true;
	return redial_connects(r, fd, r->at);
}

static bool
is_refusal(int error)
{
	return error == ECONNREFUSED || error == EHOSTUNREACH ||
	    error == ENETUNREACH || error == EHOSTDOWN;
}

static bool
redial_recover(struct reconnect *reconnect, int fd, int error)
{
	struct redial *r = (struct redial *)reconnect;
	int64_t now;

	if (lookup_has_answer(&r->lookup) && redial_takes_answer(r, fd))
		return true;
	if (error == EAGAIN || error == EMSGSIZE)
		return false;
	if (error != 0)
		return redial_moves(r, fd) ||
		    (is_refusal(error) && redial_goes_on(r, fd));
	/* Over IPv6 nothing fails: datagrams only get no answer. */
	now = loop_now();
	if (now < r->check_at)
		return false;
	r->check_at = loop_after(now, CHECK_MS);
	return redial_moves(r, fd);
}

static const struct reconnect_ops redial_ops = {
	.sent = redial_sent,
	.answered = redial_answered,
	.recover = redial_recover,
	.peer = redial_peer,
	.free = redial_free,
};

struct reconnect *
redial_new(const struct target *target, const struct address_list *sources,
    const struct address *peer, const struct address *others, size_t count)
{
	struct redial *r;

	if (target->transport->domain != TRANSPORT_INET)
		return NULL;
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return NULL;
	r->reconnect.ops = &redial_ops;
	r->target = *target;
	r->may_move = target->source == NULL && target->source_port == NULL &&
	    !target->random_port;
	if (redial_copy_addresses(r, sources, peer, others, count) == 0)
		return &r->reconnect;
	redial_free(&r->reconnect);
	errno = ENOMEM;
	return NULL;
}
