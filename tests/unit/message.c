/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Messages with the addresses that come along and go along, over real
 * sockets.
 */
#include "net/message.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loopback.h"
#include "net/address.h"
#include "net/socket.h"
#include "tap.h"

static void
an_answer_leaves_from_where_the_question_went(void)
{
	struct address any, client, asked;
	struct datagram_source source;
	struct datagram_route route;
	bool has_control;
	char byte;
	int server = bound(SOCK_DGRAM, "0.0.0.0", &any);
	int fd = bound(SOCK_DGRAM, "127.0.0.1", &client);

	message_enable_local(server, AF_INET);
	message_enable_ttl(server, AF_INET);
	asked = any;
	address_set_host(&asked, "127.0.0.2");
	route = (struct datagram_route){ .peer = asked };
	ok(message_send(fd, "?", 1, &route) == 1, "a question is sent");
	ok(message_receive(server, &byte, 1, 0, false, &source, &has_control) ==
		    1 &&
		address_equal(&source.peer, &client),
	    "it brings where it came from");
	ok(has_control && source.ttl > 0, "and its TTL");
	route = datagram_route_back(&source);
	ok(message_send(server, "!", 1, &route) == 1, "the answer is sent");
	ok(message_receive(fd, &byte, 1, 0, false, &source, &has_control) ==
		    1 &&
		address_equal(&source.peer, &asked),
	    "it comes from the address that was asked");
	close(server);
	close(fd);
}

static void
a_connected_socket_needs_no_route(void)
{
	struct datagram_source source;
	struct datagram_route nowhere = { .peer.length = 0 };
	bool has_control;
	char bytes[8];
	int fds[2];

	socketpair(AF_UNIX, SOCK_DGRAM, 0, fds);
	ok(message_send(fds[0], "hello", 5, NULL) == 5 &&
		message_receive(fds[1], bytes, sizeof(bytes), 0, true, &source,
		    &has_control) == 5,
	    "its peer gets what is sent along none");
	ok(message_send(fds[0], "hello", 5, &nowhere) == -1 &&
		errno == EDESTADDRREQ,
	    "to a peer without a name nothing is sent");
	ok(message_send(fds[0], "hello", 5, NULL) == 5 &&
		message_size(fds[1]) == 5,
	    "a message's size can be asked for");
	ok(message_receive(fds[1], bytes, 4, 0, true, &source, &has_control) ==
		    -1 &&
		errno == EMSGSIZE,
	    "one that does not fit is an error");
	ok(message_size(fds[1]) == -1 && errno == EAGAIN,
	    "and then there is none");
	close(fds[0]);
	close(fds[1]);
}

/* What a message may have needs no privilege up to wmem_max, socket(7). */
static void
the_send_buffer_grows(void)
{
	enum { SMALL = 8 * 1024, LARGE = 100 * 1000 };
	static const int small = SMALL;
	static char bytes[LARGE];
	struct datagram_source source;
	bool has_control;
	int fds[2];

	socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds);
	setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	ok(send(fds[0], bytes, LARGE, MSG_DONTWAIT) == -1 && errno == EMSGSIZE,
	    "a message is larger than the send buffer");
	ok(message_send(fds[0], bytes, LARGE, NULL) == LARGE,
	    "it is sent all the same");
	ok(message_receive(
	       fds[1], bytes, LARGE, 0, true, &source, &has_control) == LARGE,
	    "and complete");
	close(fds[0]);
	close(fds[1]);
}

static void
what_cannot_be_sent_is_too_long(void)
{
	static char bytes[70 * 1000];
	struct address to;
	struct datagram_route route;
	int fd = bound(SOCK_DGRAM, "127.0.0.1", &to);

	route = (struct datagram_route){ .peer = to };
	ok(message_send(fd, bytes, sizeof(bytes), &route) == -1 &&
		errno == EMSGSIZE,
	    "a datagram that UDP cannot carry is too long");
	close(fd);
}

int
main(void)
{
	an_answer_leaves_from_where_the_question_went();
	a_connected_socket_needs_no_route();
	the_send_buffer_grows();
	what_cannot_be_sent_is_too_long();
	return tap_end();
}
