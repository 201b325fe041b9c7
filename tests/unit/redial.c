/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A UDP client over loopback, whose first address refuses what it sends.
 */
#include "dial/redial.h"

#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dial/target.h"
#include "loopback.h"
#include "net/address.h"
#include "net/address_list.h"
#include "net/transport.h"
#include "stream/reconnect.h"
#include "tap.h"

enum { PATIENCE_MS = 10000 };

/* A client's socket, the second address, and the way from the first to it. */
struct client {
	struct target target;
	struct address peers[2];
	int fd, other;
	struct reconnect *reconnect;
};

/* At the first address there is nobody. */
static struct client
connect_client(const char *transport)
{
	struct client c = { .target.transport = transport_by_name(transport),
		.target.socket.tos = -1 };
	struct address_list none = { 0 };

	close(bound(SOCK_DGRAM, "127.0.0.1", &c.peers[0]));
	c.other = bound(SOCK_DGRAM, "127.0.0.2", &c.peers[1]);
	c.fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (connect(c.fd, address_sockaddr(&c.peers[0]), c.peers[0].length) ==
	    -1)
		abort();
	c.reconnect = redial_new(&c.target, &none, &c.peers[0], &c.peers[1], 1);
	return c;
}

static void
close_client(struct client *c)
{
	c->reconnect->ops->free(c->reconnect);
	close(c->fd);
	close(c->other);
}

static void
send_one(struct client *c, const char *text)
{
	send(c->fd, text, strlen(text), 0);
	c->reconnect->ops->sent(c->reconnect, text, strlen(text));
}

static bool
brings(int fd, const char *text)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char found[64];
	ssize_t n;

	poll(&p, 1, PATIENCE_MS);
	n = recv(fd, found, sizeof(found), MSG_DONTWAIT);
	return n == (ssize_t)strlen(text) &&
	    memcmp(found, text, (size_t)n) == 0;
}

static bool
recovers(struct client *c, int error)
{
	return c->reconnect->ops->recover(c->reconnect, c->fd, error);
}

static bool
is_at(const struct client *c, int peer)
{
	struct address remote;

	socket_remote(c->fd, &remote);
	return address_equal(&remote, &c->peers[peer]) &&
	    address_equal(
		c->reconnect->ops->peer(c->reconnect), &c->peers[peer]);
}

static void
the_next_address_is_tried(void)
{
	struct client c = connect_client("udp");

	send_one(&c, "one");
	ok(recovers(&c, ECONNREFUSED) && is_at(&c, 1),
	    "an address that refuses is given up for the next one");
	ok(brings(c.other, "one"), "which gets what was sent so far");
	ok(!recovers(&c, ECONNREFUSED) && is_at(&c, 1),
	    "the last address is kept, whatever it does");
	close_client(&c);
}

static void
an_answer_settles_it(void)
{
	struct client c = connect_client("udp");

	send_one(&c, "one");
	c.reconnect->ops->answered(c.reconnect);
	ok(!recovers(&c, ECONNREFUSED) && is_at(&c, 0),
	    "an address that has answered is kept");
	close_client(&c);
}

static void
some_errors_are_no_refusal(void)
{
	struct client c = connect_client("udp");

	ok(!recovers(&c, 0) && !recovers(&c, EAGAIN) &&
		!recovers(&c, EMSGSIZE) && !recovers(&c, ENOBUFS) &&
		is_at(&c, 0),
	    "an error that is no refusal changes nothing");
	close_client(&c);
}

static void
paths_have_no_other_way(void)
{
	struct target t = { .transport =
				transport_by_type(TRANSPORT_UNIX, SOCK_DGRAM) };
	struct address a = { 0 };
	struct address_list none = { 0 };

	address_set_unix(&a, "@x");
	ok(redial_new(&t, &none, &a, NULL, 0) == NULL,
	    "a unix path has no other address");
}

int
main(void)
{
	the_next_address_is_tried();
	an_answer_settles_it();
	some_errors_are_no_refusal();
	paths_have_no_other_way();
	return tap_end();
}
