/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The thread has a copy of the query: it may outlive the lookup, and the
 * strings of the caller.
 */
#include "net/lookup.h"

#include <sys/socket.h>

#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "base/worker.h"
#include "net/address_list.h"
#include "net/resolve.h"
#include "net/transport.h"

struct question {
	struct resolve_query query;
	char *host, *port; /* copies; NULL where the query has none */
	struct address_list found;
	int code, error;
	struct worker *worker;
};

static void
question_run(void *context)
{
	struct question *q = context;

	q->code = resolve_now(&q->query, &q->found);
	q->error = errno;
}

static void
question_free(void *context)
{
	struct question *q = context;

	address_list_clear(&q->found);
	free(q->host);
	free(q->port);
	free(q);
}

static int
question_copy(struct question *q, const struct resolve_query *query)
{
	q->query = *query;
	if (query->host != NULL)
		q->query.host = q->host = strdup(query->host);
	if (query->port != NULL)
		q->query.port = q->port = strdup(query->port);
	return (query->host != NULL && q->host == NULL) ||
		(query->port != NULL && q->port == NULL)
	    ? -1
	    : 0;
}

/* Returns NULL with errno if there can be no thread. */
static struct question *
question_ask(const struct resolve_query *query)
{
	struct question *q = calloc(1, sizeof(*q));

	if (q == NULL)
		return NULL;
	if (question_copy(q, query) == 0)
		q->worker = worker_start(question_run, question_free, q);
	if (q->worker == NULL) {
		int saved = errno;

		question_free(q);
		errno = saved;
		return NULL;
	}
	return q;
}

/* A path, or a context id: 0, or EAI_SYSTEM with errno. */
static int
find_address(struct lookup *l, const struct transport *transport,
    const struct resolve_query *query)
{
	struct address a = { 0 };

	if (transport_address(transport, query->host, query->port, &a) == -1 ||
	    address_list_add(&l->found, &a) == -1)
		return EAI_SYSTEM;
	return 0;
}

bool
lookup_start(struct lookup *l, const struct transport *transport,
    const struct resolve_query *query)
{
	struct resolve_query typed = *query;

	assert(l->question == NULL && !l->is_answered);
	typed.type = transport->type;
	if (transport->domain != TRANSPORT_INET) {
		l->code = find_address(l, transport, query);
	} else {
		l->code = resolve_numeric(&typed, &l->found);
		if (l->code == EAI_NONAME && !query->numeric) {
			l->question = question_ask(&typed);
			if (l->question != NULL)
				return false;
			l->code = EAI_SYSTEM;
		}
	}
	l->error = errno;
	l->is_answered = true;
	return true;
}

void
lookup_want(const struct lookup *l, struct poll_set *set)
{
	if (l->question != NULL)
		poll_set_add(set, worker_fd(l->question->worker), POLLIN);
}

bool
lookup_has_answer(const struct lookup *l)
{
	return l->is_answered ||
	    (l->question != NULL && worker_is_done(l->question->worker));
}

/* Moves what the thread has found into the lookup. */
static void
take_from_thread(struct lookup *l)
{
	struct question *q = l->question;

	l->found = q->found;
	q->found = (struct address_list){ 0 };
	l->code = q->code;
	l->error = q->error;
	worker_leave(q->worker);
	l->question = NULL;
}

int
lookup_take(struct lookup *l, struct address_list *found)
{
	assert(lookup_has_answer(l));
	if (l->question != NULL)
		take_from_thread(l);
	*found = l->found;
	l->found = (struct address_list){ 0 };
	l->is_answered = false;
	errno = l->error;
	return l->code;
}

void
lookup_clear(struct lookup *l)
{
	if (l->question != NULL)
		worker_leave(l->question->worker);
	address_list_clear(&l->found);
	*l = (struct lookup){ 0 };
}
