/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Who of the peers of a UDP socket has a session, waits for one, or is
 * refused.  The clock is the test's.
 */
#include "stream/peers.h"

#include <sys/socket.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "loopback.h"
#include "net/address.h"
#include "net/socket.h"
#include "net/transport.h"
#include "observe/log.h"
#include "stream/stream.h"
#include "tap.h"

enum { SESSIONS_MAX = 8, CLIENTS = 5, LATER = 3000 /* ms */ };

/* A table over one socket, and clients that write to it. */
struct stage {
	struct peers *peers;
	int fd, clients[CLIENTS];
	struct address address;
	struct stream *sessions[SESSIONS_MAX];
	int count;
	bool is_closed; /* no peer may come in */
	int64_t now;
};

static const struct socket_options no_options;

static bool
guard(void *context, const struct address *peer)
{
	(void)peer;
	return !((struct stage *)context)->is_closed;
}

static void
take_peer(void *context, struct stream *stream)
{
	struct stage *s = context;

	s->sessions[s->count++] = stream;
}

static void
stage_begin(struct stage *s, size_t max, size_t backlog, bool is_answered)
{
	struct datagram_options udp =
	    datagram_options_from(transport_by_name("udp"), &no_options);
	struct address local;

	*s = (struct stage){ .now = loop_now() };
	s->fd = bound(SOCK_DGRAM, "127.0.0.1", &s->address);
	datagram_prepare(s->fd, AF_INET, &udp);
	s->peers = peers_new(&(struct peers_options){
	    .max = max,
	    .backlog = backlog,
	    .is_answered = is_answered,
	    .guard = guard,
	    .new_peer = take_peer,
	    .context = s,
	});
	peers_add(s->peers, s->fd, &udp);
	for (int i = 0; i < CLIENTS; i++) {
		s->clients[i] = bound(SOCK_DGRAM, "127.0.0.1", &local);
		connect(s->clients[i], address_sockaddr(&s->address),
		    s->address.length);
	}
}

static void
stage_free(struct stage *s, int session)
{
	stream_free(s->sessions[session]);
	s->sessions[session] = NULL;
}

static void
stage_end(struct stage *s)
{
	peers_free(s->peers);
	for (int i = 0; i < s->count; i++)
		stage_free(s, i);
	for (int i = 0; i < CLIENTS; i++)
		close(s->clients[i]);
	close(s->fd);
}

/* A turn of the loop, which waits for nothing. */
static void
turn(struct stage *s)
{
	struct poll_set set = { 0 };

	peers_want(s->peers, &set);
	poll(set.fds, set.count, 0);
	peers_step(s->peers, &set, s->now);
	free(set.fds);
}

static void
client_writes(struct stage *s, int client, const char *text)
{
	send(s->clients[client], text, strlen(text), 0);
	turn(s);
}

static bool
reads(struct stream *s, const char *text)
{
	char bytes[64];
	ssize_t n = stream_read(s, bytes, sizeof(bytes));

	return n == (ssize_t)strlen(text) &&
	    memcmp(bytes, text, strlen(text)) == 0;
}

static ssize_t
code(struct stream *s)
{
	return stream_read(s, (char[64]){ 0 }, 64);
}

static bool
client_reads(struct stage *s, int client, const char *text)
{
	char bytes[64];
	ssize_t n =
	    recv(s->clients[client], bytes, sizeof(bytes), MSG_DONTWAIT);

	return n == (ssize_t)strlen(text) &&
	    memcmp(bytes, text, strlen(text)) == 0;
}

static void
each_peer_has_a_stream(void)
{
	struct stage s;
	struct stream *one, *two;

	stage_begin(&s, 2, 0, false);
	client_writes(&s, 0, "a");
	client_writes(&s, 1, "b");
	client_writes(&s, 0, "c");
	ok(s.count == 2, "two peers have a session each");
	one = s.sessions[0];
	two = s.sessions[1];
	ok(address_port(&one->peer) != address_port(&two->peer) &&
		address_equal(stream_local(one), &s.address),
	    "their streams know both addresses");
	ok(reads(one, "a") && reads(one, "c") && reads(two, "b"),
	    "each reads what its peer sent, in order");
	ok(code(one) == STREAM_WANT_READ && !(one->ready & POLLIN),
	    "and then there is nothing for now");
	ok(stream_write(one, "x", 1) == 1 && stream_write(two, "y", 1) == 1 &&
		client_reads(&s, 0, "x") && client_reads(&s, 1, "y"),
	    "each answer goes to its peer");
	stage_end(&s);
}

static void
a_new_peer_waits_for_an_answer_to_an_old_one(void)
{
	struct stage s;

	stage_begin(&s, 1, 1, true);
	client_writes(&s, 0, "old");
	client_writes(&s, 1, "new");
	client_writes(&s, 2, "one too many");
	ok(s.count == 1, "where one session is all, a second peer waits");
	ok(reads(s.sessions[0], "old") &&
		code(s.sessions[0]) == STREAM_WANT_READ,
	    "while the first is owed an answer it goes on");
	stream_write(s.sessions[0], "answer", 6);
	turn(&s);
	ok(code(s.sessions[0]) == STREAM_EOF, "with the answer it ends");
	ok(s.sessions[0]->is_settled, "and it is owed nothing more");
	stage_free(&s, 0);
	turn(&s);
	ok(s.count == 2 && reads(s.sessions[1], "new"),
	    "and the second peer has a session");
	stage_free(&s, 1);
	turn(&s);
	ok(s.count == 2, "a third found no place to wait, and is forgotten");
	stage_end(&s);
}

static void
nobody_waits_long_for_an_answer(void)
{
	struct stage s;

	stage_begin(&s, 1, 1, true);
	client_writes(&s, 0, "old");
	client_writes(&s, 1, "new");
	reads(s.sessions[0], "old");
	ok(code(s.sessions[0]) == STREAM_WANT_READ &&
		peers_deadline(s.peers) > s.now &&
		peers_deadline(s.peers) <= s.now + LATER,
	    "a peer without an answer has some time");
	s.now += LATER;
	turn(&s);
	ok(code(s.sessions[0]) == STREAM_EOF, "and then it ends");
	stage_end(&s);
}

static void
what_a_session_leaves_is_for_the_next(void)
{
	struct stage s;

	stage_begin(&s, 1, 0, false);
	client_writes(&s, 0, "first");
	client_writes(&s, 0, "second");
	reads(s.sessions[0], "first");
	stage_free(&s, 0);
	turn(&s);
	ok(s.count == 2 && reads(s.sessions[1], "second"),
	    "what a session has not read is read by another");
	client_writes(&s, 0, "third");
	stage_free(&s, 1);
	turn(&s);
	ok(s.count == 3 && reads(s.sessions[2], "third"),
	    "and again, as long as each reads something");
	stage_free(&s, 2);
	turn(&s);
	ok(s.count == 3, "without anything left there is no other session");
	stage_end(&s);
}

static void
a_guard_keeps_peers_out(void)
{
	struct stage s;

	stage_begin(&s, 2, 2, false);
	s.is_closed = true;
	client_writes(&s, 0, "let me in");
	ok(s.count == 0, "a peer that may not come in has no session");
	s.is_closed = false;
	client_writes(&s, 0, "now");
	ok(s.count == 1 && reads(s.sessions[0], "now"),
	    "and what it sent meanwhile is not kept");
	stage_end(&s);
}

static void
a_peer_that_closed_its_socket_ends(void)
{
	struct stage s;

	stage_begin(&s, 2, 0, false);
	client_writes(&s, 0, "bye");
	client_writes(&s, 1, "hello");
	close(s.clients[0]);
	stream_write(s.sessions[0], "are you there?", 14);
	ok(stream_write(s.sessions[1], "and you?", 8) == 8 &&
		client_reads(&s, 1, "and you?"),
	    "what one peer refuses does not keep others from answers");
	turn(&s);
	ok(reads(s.sessions[0], "bye") && code(s.sessions[0]) == STREAM_EOF,
	    "one that refuses has ended, after what it sent");
	ok(reads(s.sessions[1], "hello") &&
		code(s.sessions[1]) == STREAM_WANT_READ,
	    "the other has not");
	stage_end(&s);
}

static void
streams_outlive_the_table(void)
{
	struct stage s;

	stage_begin(&s, 2, 0, false);
	client_writes(&s, 0, "last");
	peers_close(s.peers);
	client_writes(&s, 0, "too late");
	client_writes(&s, 1, "too late");
	ok(s.count == 1, "a closed table lets nobody in");
	peers_free(s.peers);
	s.peers = NULL;
	ok(reads(s.sessions[0], "last") && code(s.sessions[0]) == STREAM_EOF,
	    "a stream that outlives it brings what had come, and then the end");
	ok(stream_shut(s.sessions[0]) == 0, "it can be shut");
	stage_end(&s);
}

int
main(void)
{
	log_set_verbosity(-1);
	each_peer_has_a_stream();
	a_new_peer_waits_for_an_answer_to_an_old_one();
	nobody_waits_long_for_an_answer();
	what_a_session_leaves_is_for_the_next();
	a_guard_keeps_peers_out();
	a_peer_that_closed_its_socket_ends();
	streams_outlive_the_table();
	return tap_end();
}
