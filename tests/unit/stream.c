/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What streams over real sockets know of both ends, and what they do where
 * their kind has no operation.
 */
#include "stream/stream.h"

#include <sys/socket.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "loopback.h"
#include "net/address.h"
#include "net/socket.h"
#include "net/transport.h"
#include "net/unixpath.h"
#include "stream/connection.h"
#include "stream/datagram.h"
#include "tap.h"

static const struct socket_options no_options;

static void
a_connection_knows_both_ends(void)
{
	struct address listening, peer, local;
	int listener = bound(SOCK_STREAM, "127.0.0.1", &listening), fd;
	int client = socket(AF_INET, SOCK_STREAM, 0);
	struct stream *s;

	listen(listener, 1);
	connect(client, address_sockaddr(&listening), listening.length);
	socket_local(client, &peer);
	fd = accept(listener, NULL, NULL);
	s = connection_new(fd, transport_by_name("tcp"), &no_options, &peer);
	ok(address_equal(&s->peer, &peer), "a connection knows its peer");
	ok(stream_source(s).port == address_port(&peer) &&
		strcmp(stream_source(s).address, "127.0.0.1") == 0,
	    "events have the peer's address");
	ok(s->local.length == 0, "its own address is not asked for at first");
	local = *stream_local(s);
	ok(address_equal(&local, &listening), "and is when it is wanted");
	close(client);
	close(listener);
	stream_free(s);
	ok(close(fd) == -1 && errno == EBADF, "its socket is closed with it");
}

static void
the_first_peer_says_where_it_wrote_to(void)
{
	static const char question[] = "question";
	const struct datagram_options options =
	    datagram_options_from(transport_by_name("udp"), &no_options);
	struct address any, peer, asked;
	struct datagram_source first;
	struct unixpath no_path = { .inode = 0 };
	int fd = bound(SOCK_DGRAM, "0.0.0.0", &any);
	int client = bound(SOCK_DGRAM, "127.0.0.1", &peer);
	char bytes[16];
	struct stream *s;

	datagram_prepare(fd, AF_INET, &options);
	asked = any;
	address_set_host(&asked, "127.0.0.3");
	connect(client, address_sockaddr(&asked), asked.length);
	send(client, question, sizeof(question), 0);
	datagram_receive(fd, bytes, sizeof(bytes), MSG_PEEK, &options, &first);
	s = datagram_first(fd, &options, &first, &no_path);
	ok(address_equal(&s->peer, &peer), "a first datagram names the peer");
	ok(s->local.length > 0 && address_port(&s->local) == 0,
	    "it brings our address along, but no port");
	ok(address_equal(stream_local(s), &asked),
	    "and the port is asked for when it is wanted");
	ok(stream_read(s, bytes, sizeof(bytes)) == sizeof(question),
	    "the datagram is still to be read");
	ok(stream_write(s, "!", 1) == 1 &&
		recv(client, bytes, sizeof(bytes), 0) == 1,
	    "the answer comes from where the question went to");
	ok(stream_shut(s) == 0 && stream_write(s, "!", 1) == 1,
	    "without a connection there is no end to tell");
	ok(stream_error(s) == 0, "nor an error while there is none");
	stream_free(s);
	close(client);
}

static void
a_socket_without_a_name_has_none(void)
{
	const struct address nobody = { .length = 0 };
	int fds[2];
	struct stream *s;

	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds);
	s = connection_new(fds[0],
	    transport_by_type(TRANSPORT_UNIX, SOCK_STREAM), &no_options,
	    &nobody);
	ok(stream_source(s).port == -1 && stream_source(s).address[0] == '\0',
	    "an unknown peer has no address");
	ok(address_port(stream_local(s)) == 0 &&
		!address_has_port(stream_local(s)),
	    "a unix socket has no port");
	ok(stream_shut(s) == 0 && recv(fds[1], (char[1]){ 0 }, 1, 0) == 0,
	    "the end of writing is told");
	close(fds[1]);
	stream_free(s);
}

/* As little as a kind of end can have. */
static ssize_t
takes_all(struct stream *s, const void *bytes, size_t length)
{
	(void)s, (void)bytes;
	return (ssize_t)length;
}

static ssize_t
brings_nothing(struct stream *s, void *bytes, size_t length)
{
	(void)s, (void)bytes, (void)length;
	return STREAM_EOF;
}

static void
is_freed(struct stream *s)
{
	s->kind = NULL;
}

static void
most_operations_may_be_missing(void)
{
	static const struct stream_kind least = {
		.read = brings_nothing,
		.write = takes_all,
		.free = is_freed,
	};
	struct stream s = { .kind = &least, .in = -1, .out = -1 };

	s.message_max = 7;
	stream_probe(&s);
	stream_set_abort(&s, true);
	stream_batch_reads(&s, true);
	stream_batch_writes(&s, true);
	stream_prepare_splice(&s);
	stream_set_waits(&s, true);
	stream_give_up(&s);
	ok(stream_shut(&s) == 0 && stream_error(&s) == 0,
	    "an end that has no end of writing and no errors says neither");
	ok(stream_unsent(&s) == 0 && stream_round_trip(&s) == 0 &&
		!stream_is_lost(&s) && !stream_has_input(&s),
	    "nothing is on its way to it or from it");
	ok(stream_message_max(&s) == 7, "all its messages have one maximum");
	stream_free(&s);
	ok(s.kind == NULL, "it is freed by its kind");
	stream_free(NULL);
}

int
main(void)
{
	a_connection_knows_both_ends();
	the_first_peer_says_where_it_wrote_to();
	a_socket_without_a_name_has_none();
	most_operations_may_be_missing();
	return tap_end();
}
