/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "net/lookup.h"
#include "net/address_list.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "net/resolve.h"
#include "net/transport.h"
#include "tap.h"

static const struct transport *
tcp(void)
{
	return transport_by_name("tcp");
}

static const struct transport *
unix_stream(void)
{
	return transport_by_type(TRANSPORT_UNIX, SOCK_STREAM);
}

/* Waits as a task would.  Returns whether there is an answer. */
static bool
wait_for(struct lookup *l)
{
	struct poll_set set = { 0 };
	int ready;

	lookup_want(l, &set);
	ready = poll(set.fds, (nfds_t)set.count, 10000);
	free(set.fds);
	return ready == 1 && lookup_has_answer(l);
}

static void
what_needs_no_asking(void)
{
	struct resolve_query number = { .host = "127.0.0.1", .port = "80" };
	struct resolve_query path = { .host = "/tmp/x" };
	struct lookup l = { 0 };
	struct address_list found;

	ok(!lookup_has_answer(&l), "there is no answer without a question");
	ok(lookup_start(&l, tcp(), &number) && lookup_has_answer(&l),
	    "an address in digits is known at once");
	ok(lookup_take(&l, &found) == 0 && found.count == 1 &&
		address_port(&found.items[0]) == 80 && !lookup_has_answer(&l),
	    "an answer is taken once");
	address_list_clear(&found);
	ok(lookup_start(&l, unix_stream(), &path) &&
		lookup_take(&l, &found) == 0 &&
		address_family(&found.items[0]) == AF_UNIX,
	    "so is a path");
	address_list_clear(&found);
	number.host = "localhost";
	number.numeric = true;
	ok(lookup_start(&l, tcp(), &number) &&
		lookup_take(&l, &found) == EAI_NONAME,
	    "where names are not looked up, none is known");
	address_list_clear(&found);
}

static void
what_fails_at_once(void)
{
	char name[200];
	struct resolve_query path = { .host = name };
	struct lookup l = { 0 };
	struct address_list found;

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	errno = 0;
	ok(lookup_start(&l, unix_stream(), &path) &&
		lookup_take(&l, &found) == EAI_SYSTEM && errno == ENAMETOOLONG,
	    "errno says why a path is no address");
	address_list_clear(&found);
}

/* The query is gone when the thread reads its question. */
static void
what_a_thread_answers(void)
{
	char host[] = "localhost", port[] = "80";
	struct resolve_query query = { .host = host, .port = port };
	struct lookup l = { 0 };
	struct address_list found = { 0 };
	bool is_known = lookup_start(&l, tcp(), &query);

	memset(host, 'x', sizeof(host) - 1);
	memset(port, 'x', sizeof(port) - 1);
	ok(!is_known && wait_for(&l) && lookup_take(&l, &found) == 0 &&
		found.count > 0 && address_port(&found.items[0]) == 80,
	    "a name is looked up by a thread, with strings of its own");
	address_list_clear(&found);
	ok(!lookup_has_answer(&l), "its answer is taken once, too");
}

static void
what_is_forgotten(void)
{
	struct resolve_query query = { .host = "localhost", .port = "80" };
	struct lookup l = { 0 };

	ok(!lookup_start(&l, tcp(), &query), "a name has to be waited for");
	lookup_clear(&l);
	query.host = "127.0.0.1";
	ok(!lookup_has_answer(&l) && lookup_start(&l, tcp(), &query),
	    "a lookup that was cleared can be started again");
	lookup_clear(&l);
	ok(!lookup_has_answer(&l), "and forgets its answer, too");
}

/* Without a descriptor there is no way to wait for a thread. */
static void
what_has_no_thread(void)
{
	struct resolve_query query = { .host = "localhost", .port = "80" };
	struct lookup l = { 0 };
	struct address_list found;
	struct rlimit limit, none;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		abort();
	none = limit;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	ok(lookup_start(&l, tcp(), &query) &&
		lookup_take(&l, &found) == EAI_SYSTEM && errno == EMFILE,
	    "a name that no thread can look up fails at once");
	setrlimit(RLIMIT_NOFILE, &limit);
	address_list_clear(&found);
}

int
main(void)
{
	what_needs_no_asking();
	what_fails_at_once();
	what_a_thread_answers();
	what_is_forgotten();
	what_has_no_thread();
	return tap_end();
}
