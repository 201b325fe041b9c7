/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The thread owns nothing that the rest of the program looks at while it
 * runs: the two meet at a pipe.  Whoever of them leaves last frees.
 */
#include "net/resolve.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/address.h"

struct resolver {
	struct resolve_query query;
	struct address_list addresses;
	int code, error;
	int pipe[2];
	atomic_int users;
};

/* A port in digits as a plain number; false for anything else. */
static bool
is_port(const char *text)
{
	const char *bad;

	strtonum(text, 0, UINT16_MAX, &bad);
	return bad == NULL;
}

static bool
is_digits(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Sets the host of an address of one family; false if it is another's. */
static bool
set_plain(struct address *a, const struct resolve_query *query, int family)
{
	address_set_any(a, family);
	if (query->host != NULL)
		return address_set_host(a, query->host);
	if (query->passive)
		return true;
	return address_set_host(a, family == AF_INET ? "127.0.0.1" : "::1");
}

/*
 * The wildcard, this machine, and addresses in digits are most of what is
 * asked for, and getaddrinfo(3) reads files and opens sockets even for
 * them.  Returns whether it was one of those; *code is then 0 or an EAI
 * code.  IPv6 comes first, as in RFC 6724 section 2.1.
 */
static bool
look_up_plain(
    const struct resolve_query *query, struct address_list *list, int *code)
{
	static const int families[] = { AF_INET6, AF_INET };
	const char *port = query->port != NULL ? query->port : "0";

	*code = 0;
	if (!is_port(port))
		return false;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		struct address a;

		if (query->family != AF_UNSPEC && query->family != families[i])
			continue;
		if (!set_plain(&a, query, families[i]))
			continue;
		address_set_port(
		    &a, (uint16_t)strtonum(port, 0, UINT16_MAX, NULL));
		if (address_list_add(list, &a) == -1)
			*code = EAI_MEMORY;
	}
	return list->count > 0 || *code != 0;
}

static int
look_up(const struct resolve_query *query, int flags, struct address_list *list)
{
	const char *port = query->port != NULL ? query->port : "0";
	struct addrinfo hints = {
		.ai_family = query->family,
		.ai_socktype = query->type,
		.ai_flags = flags | (query->passive ? AI_PASSIVE : 0),
	};
	struct addrinfo *found, *each;
	int code;

	if (look_up_plain(query, list, &code))
		return code;
	if (is_port(port))
		hints.ai_flags |= AI_NUMERICSERV;
	else if (is_digits(port))
		return EAI_SERVICE; /* more than a port can be */
	code = getaddrinfo(query->host, port, &hints, &found);
	if (code != 0)
		return code;
	for (each = found; each != NULL && code == 0; each = each->ai_next) {
		struct address a;

		address_set(&a, each->ai_addr, each->ai_addrlen);
		if (address_list_add(list, &a) == -1)
			code = EAI_MEMORY;
	}
	freeaddrinfo(found);
	return code;
}

int
resolve_numeric(const struct resolve_query *query, struct address_list *list)
{
	int flags = AI_NUMERICHOST;

	/* A service is in a file of this machine, so it does not wait. */
	if (query->numeric)
		flags |= AI_NUMERICSERV;
	return look_up(query, flags, list);
}

int
resolve_now(const struct resolve_query *query, struct address_list *list)
{
	if (query->numeric)
		return resolve_numeric(query, list);
	return look_up(query, 0, list);
}

const char *
resolve_error(int code)
{
	switch (code) {
	case EAI_SYSTEM:
		return strerror(errno);
	case EAI_SERVICE: /* the system's words speak of its own structures */
		return "no such port or service";
	default:
		return gai_strerror(code);
	}
}

static void
leave(struct resolver *r)
{
	if (atomic_fetch_sub(&r->users, 1) > 1)
		return;
	address_list_clear(&r->addresses);
	close(r->pipe[0]);
	close(r->pipe[1]);
	free(r);
}

static void *
run(void *context)
{
	struct resolver *r = context;

	r->code = resolve_now(&r->query, &r->addresses);
	r->error = errno;
	/* The pipe is empty, so this cannot fail for want of room. */
	while (write(r->pipe[1], "", 1) == -1 && errno == EINTR)
		;
	leave(r);
	return NULL;
}

/* Signals are for the thread that polls. */
static int
start_thread(struct resolver *r)
{
	sigset_t all, before;
	pthread_t thread;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, NULL, run, r);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error == 0)
		pthread_detach(thread);
	return error;
}

struct resolver *
resolver_start(const struct resolve_query *query)
{
	struct resolver *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->query = *query;
	atomic_init(&r->users, 2);
	if (pipe2(r->pipe, O_CLOEXEC) == -1) {
		free(r);
		return NULL;
	}
	errno = start_thread(r);
	if (errno != 0) {
		int saved = errno;

		atomic_store(&r->users, 1);
		leave(r);
		errno = saved;
		return NULL;
	}
	return r;
}

int
resolver_fd(const struct resolver *r)
{
	return r->pipe[0];
}

int
resolver_answer(struct resolver *r, struct address_list *list)
{
	char byte;

	while (read(r->pipe[0], &byte, 1) == -1 && errno == EINTR)
		;
	*list = r->addresses;
	r->addresses = (struct address_list){ 0 };
	errno = r->error;
	return r->code;
}

void
resolver_free(struct resolver *r)
{
	if (r != NULL)
		leave(r);
}
