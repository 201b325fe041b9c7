/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A real listener on loopback addresses and paths, stepped by hand: time is
 * what the test says it is, and so are accept(2)'s failures.  It runs in a
 * folder of its own; what is logged goes to a file there.
 */
#include "listen/listener.h"

#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "listen/inherited.h"
#include "listen/listen_options.h"
#include "listen/listen_sockets.h"
#include "net/address.h"
#include "net/socket.h"
#include "net/transport.h"
#include "net/unixpath.h"
#include "stream/stream.h"
#include "tap.h"

enum { CLIENTS_MAX = 128, TEXT_MAX = 512, LIMIT_S = 60, WAIT_MS = 5000 };

/* How often accept(2) fails before it works again, and how. */
static struct {
	int times, error;
} trouble;

/* In the place of the C library's. */
int
accept4(int fd, struct sockaddr *restrict peer, socklen_t *restrict length,
    int flags)
{
	if (trouble.times > 0) {
		trouble.times--;
		errno = trouble.error;
		return -1;
	}
	return (int)syscall(SYS_accept4, fd, peer, length, flags);
}

/* In the place of the C library's: no name exists. */
int
getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
    struct addrinfo **found)
{
	(void)host, (void)port, (void)hints, (void)found;
	return EAI_NONAME;
}

/* A listener, and what it has told. */
struct scene {
	struct listen_options options;
	struct listener *listener;
	struct task *task;
	int64_t now;
	int readies;      /* how often it was ready */
	size_t sockets;   /* and how many they were */
	in_port_t port;   /* of the first one */
	bool is_one_port; /* which all of them have */
	int max;          /* clients that can be accepted */
	int count, failures;
	struct stream *clients[CLIENTS_MAX];
	in_addr_t unwanted; /* whose clients may not come in */
};

static in_port_t
port_of(int fd)
{
	struct address a;

	socket_local(fd, &a);
	return (in_port_t)address_port(&a);
}

static void
note_ready(void *context, const struct listen_sockets *sockets)
{
	struct scene *s = context;

	s->readies++;
	s->sockets = sockets->count;
	s->is_one_port = true;
	for (size_t i = 0; i < sockets->count; i++) {
		in_port_t port = port_of(sockets->items[i].fd);

		if (i == 0)
			s->port = port;
		else if (port != s->port)
			s->is_one_port = false;
	}
}

static void
note_client(void *context, struct stream *stream)
{
	struct scene *s = context;

	if (stream == NULL)
		s->failures++;
	else if (s->count < CLIENTS_MAX)
		s->clients[s->count++] = stream;
	else
		abort();
}

static bool
can_accept(void *context)
{
	const struct scene *s = context;

	return s->count < s->max;
}

static bool
is_wanted(void *context, const struct address *peer)
{
	const struct scene *s = context;
	const struct sockaddr_in *in = (const void *)&peer->storage;

	return s->unwanted == 0 || in->sin_addr.s_addr != s->unwanted;
}

static void
set_scene(struct scene *s, const struct transport *transport, const char *host)
{
	*s = (struct scene){ .now = loop_now(), .max = CLIENTS_MAX };
	s->options = (struct listen_options){
		.transport = transport,
		.socket.tos = -1,
		.keep_open = true,
		.host = host,
		.backlog = CLIENTS_MAX,
		.max_peers = 2,
		.unix_mode = -1,
		.guard = is_wanted,
		.client = note_client,
		.ready = note_ready,
		.can_accept = can_accept,
		.context = s,
	};
}

/* Steps once, after waiting so long (-1: for ever) for what it wants. */
static void
step(struct scene *s, int wait)
{
	struct poll_set set = { 0 };

	s->task->ops->want(s->task, &set);
	poll(set.fds, (nfds_t)set.count, set.count == 0 ? 0 : wait);
	s->task->ops->step(s->task, &set, s->now);
	free(set.fds);
}

/* How many descriptors it waits for. */
static size_t
wanted(struct scene *s)
{
	struct poll_set set = { 0 };

	s->task->ops->want(s->task, &set);
	free(set.fds);
	return set.count;
}

static int64_t
deadline(const struct scene *s)
{
	return s->task->ops->deadline(s->task);
}

static void
start(struct scene *s)
{
	s->listener = listener_new(&s->options);
	if (s->listener == NULL)
		abort();
	s->task = listener_task(s->listener);
	while (s->readies == 0 && !s->task->done && deadline(s) <= s->now)
		step(s, 0);
}

static void
end(struct scene *s)
{
	s->task->ops->free(s->task);
	for (int i = 0; i < s->count; i++)
		stream_free(s->clients[i]);
}

static const struct transport *
tcp(void)
{
	return transport_by_name("tcp");
}

static const struct transport *
udp(void)
{
	return transport_by_name("udp");
}

static const struct transport *
unix_of(int type)
{
	return transport_by_type(TRANSPORT_UNIX, type);
}

/* A socket bound to a loopback address, with any port or that one. */
static int
bind_at(const char *host, int type, in_port_t port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, host, &in.sin_addr);
	if (bind(fd, (struct sockaddr *)&in, sizeof(in)) == -1)
		abort();
	return fd;
}

/* A client from a loopback address, or -1 if it cannot connect. */
static int
connect_from(const struct scene *s, const char *from, int type)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(s->port) };
	int fd = bind_at(from, type, 0);

	inet_pton(AF_INET, "127.0.0.1", &in.sin_addr);
	if (connect(fd, (struct sockaddr *)&in, sizeof(in)) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
connect_to_path(const char *path, int type)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	strlcpy(un.sun_path, path, sizeof(un.sun_path));
	if (connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* A path that a socket was bound to which is closed. */
static void
leave_dead_path(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strlcpy(un.sun_path, path, sizeof(un.sun_path));
	if (bind(fd, (struct sockaddr *)&un, sizeof(un)) == -1)
		abort();
	close(fd);
}

/* Whether the stream's peer is that socket of ours. */
static bool
is_from(const struct stream *stream, int fd)
{
	struct address own;

	socket_local(fd, &own);
	return address_equal(&stream->peer, &own);
}

static bool
brings(struct stream *stream, const char *text)
{
	char bytes[64];
	ssize_t n = stream_read(stream, bytes, sizeof(bytes));

	return n == (ssize_t)strlen(text) &&
	    memcmp(bytes, text, strlen(text)) == 0;
}

static void
say(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) == -1)
		abort();
}

/* Whether reading fails so in the end, without a byte before. */
static bool
fails_with(int fd, int error)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char byte;

	poll(&p, 1, WAIT_MS);
	return recv(fd, &byte, 1, MSG_DONTWAIT) == -1 && errno == error;
}

static bool
logged(const char *wanted)
{
	char text[TEXT_MAX];
	ssize_t n = pread(STDERR_FILENO, text, sizeof(text) - 1, 0);
	bool is_good;

	text[n > 0 ? n : 0] = '\0';
	is_good = strcmp(text, wanted) == 0;
	if (!is_good)
		printf("# logged: %s", text);
	if (ftruncate(STDERR_FILENO, 0) == -1)
		abort();
	return is_good;
}

static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static void
clients_are_taken_in_order(void)
{
	int clients[3];
	struct scene s;

	set_scene(&s, tcp(), "127.0.0.1");
	start(&s);
	ok(s.readies == 1 && s.sockets == 1 && s.port != 0 && s.count == 0,
	    "it is ready before the first client, on a port that it is given");
	for (int i = 0; i < 3; i++)
		clients[i] = connect_from(&s, "127.0.0.1", SOCK_STREAM);
	step(&s, -1);
	ok(s.count == 3 && is_from(s.clients[0], clients[0]) &&
		is_from(s.clients[1], clients[1]) &&
		is_from(s.clients[2], clients[2]),
	    "clients are taken in order, each a stream that knows its peer");
	say(clients[1], "hello");
	ok(brings(s.clients[1], "hello") && !s.task->done &&
		deadline(&s) == LOOP_NEVER,
	    "and it waits for more");
	for (int i = 0; i < 3; i++)
		close(clients[i]);
	end(&s);
}

static bool
has_ipv6(void)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6 };
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	bool is_bound = bind(fd, (struct sockaddr *)&any, sizeof(any)) == 0;

	close(fd);
	return is_bound;
}

static void
both_families_have_one_port(void)
{
	struct scene s;

	set_scene(&s, tcp(), NULL);
	start(&s);
	ok(s.sockets == (has_ipv6() ? 2 : 1) && s.is_one_port,
	    "without a host it has all addresses, on one port");
	end(&s);
}

static void
one_step_takes_some(void)
{
	enum { SOME = 64 };
	int clients[SOME + 1];
	struct scene s;

	set_scene(&s, tcp(), "127.0.0.1");
	start(&s);
	for (int i = 0; i <= SOME; i++)
		clients[i] = connect_from(&s, "127.0.0.1", SOCK_STREAM);
	step(&s, -1);
	ok(s.count == SOME, "a crowd does not keep others from their turn");
	step(&s, -1);
	ok(s.count == SOME + 1, "and is taken in the next one");
	for (int i = 0; i <= SOME; i++)
		close(clients[i]);
	end(&s);
}

static void
a_full_house_leaves_clients_in_the_queue(void)
{
	int clients[3];
	struct scene s;

	set_scene(&s, tcp(), "127.0.0.1");
	s.max = 2;
	start(&s);
	for (int i = 0; i < 3; i++)
		clients[i] = connect_from(&s, "127.0.0.1", SOCK_STREAM);
	step(&s, -1);
	ok(s.count == 2 && wanted(&s) == 0 && deadline(&s) == LOOP_NEVER,
	    "as many are taken as can be, and nothing is waited for then");
	step(&s, 0);
	ok(s.count == 2, "the next one stays in the system's queue");
	s.max = 3;
	ok(wanted(&s) == 1, "until there is a place");
	step(&s, -1);
	ok(s.count == 3 && is_from(s.clients[2], clients[2]), "which it takes");
	for (int i = 0; i < 3; i++)
		close(clients[i]);
	end(&s);
}

static void
a_shortage_is_a_pause(void)
{
	struct scene s;
	int client;

	set_scene(&s, tcp(), "127.0.0.1");
	start(&s);
	client = connect_from(&s, "127.0.0.1", SOCK_STREAM);
	trouble.error = EMFILE;
	trouble.times = 2;
	step(&s, -1);
	ok(logged("sockcat: accept: Too many open files\n"),
	    "a shortage of descriptors is told");
	ok(s.count == 0 && wanted(&s) == 0 && deadline(&s) > s.now &&
		deadline(&s) <= s.now + 1000,
	    "and begins a pause, in which nothing is polled");
	step(&s, 0);
	ok(trouble.times == 1, "nor tried");
	s.now = deadline(&s);
	step(&s, 0);
	ok(trouble.times == 0 && deadline(&s) > s.now && logged(""),
	    "a second failure is another pause, and told no more");
	s.now = deadline(&s);
	step(&s, 0);
	ok(s.count == 1 && deadline(&s) == LOOP_NEVER && wanted(&s) == 1,
	    "the client has waited, and all goes on");
	close(client);
	end(&s);
}

static void
clients_that_have_left_are_passed_over(void)
{
	struct scene s;
	int client;

	set_scene(&s, tcp(), "127.0.0.1");
	start(&s);
	client = connect_from(&s, "127.0.0.1", SOCK_STREAM);
	trouble.error = ECONNABORTED;
	trouble.times = 5;
	step(&s, -1);
	ok(s.count == 1 && deadline(&s) == LOOP_NEVER && logged(""),
	    "clients that have left already are passed over in silence");
	close(client);
	client = connect_from(&s, "127.0.0.1", SOCK_STREAM);
	trouble.times = 1000;
	step(&s, -1);
	ok(s.count == 1 && trouble.times > 0 && deadline(&s) > s.now &&
		deadline(&s) != LOOP_NEVER &&
		logged("sockcat: accept: Software caused connection abort\n"),
	    "but not for ever");
	trouble.times = 0;
	close(client);
	end(&s);
}

static void
who_is_unwanted_is_not_read(void)
{
	struct scene s;
	int unwanted, client;

	set_scene(&s, tcp(), "127.0.0.1");
	s.options.keep_open = false;
	inet_pton(AF_INET, "127.0.0.2", &s.unwanted);
	start(&s);
	unwanted = connect_from(&s, "127.0.0.2", SOCK_STREAM);
	say(unwanted, "secret");
	client = connect_from(&s, "127.0.0.1", SOCK_STREAM);
	step(&s, -1);
	/* Only closing over unread input is a reset. */
	ok(fails_with(unwanted, ECONNRESET),
	    "a client that may not come in is closed, and not read before");
	ok(s.count == 1 && is_from(s.clients[0], client),
	    "and is not the one that is waited for");
	close(unwanted);
	close(client);
	end(&s);
}

static void
one_client_is_enough(void)
{
	struct scene s;
	int first, second;

	set_scene(&s, tcp(), "127.0.0.1");
	s.options.keep_open = false;
	start(&s);
	first = connect_from(&s, "127.0.0.1", SOCK_STREAM);
	second = connect_from(&s, "127.0.0.1", SOCK_STREAM);
	step(&s, -1);
	ok(s.count == 1 && is_from(s.clients[0], first) && s.task->done,
	    "without -k it ends with its first client");
	ok(fails_with(second, ECONNRESET) &&
		connect_from(&s, "127.0.0.1", SOCK_STREAM) == -1,
	    "and its socket is closed");
	close(first);
	close(second);
	end(&s);
}

static void
the_first_datagram_is_a_stream(void)
{
	struct scene s;
	int unwanted, client;

	set_scene(&s, udp(), "127.0.0.1");
	s.options.keep_open = false;
	inet_pton(AF_INET, "127.0.0.2", &s.unwanted);
	start(&s);
	unwanted = connect_from(&s, "127.0.0.2", SOCK_DGRAM);
	client = connect_from(&s, "127.0.0.1", SOCK_DGRAM);
	say(unwanted, "secret");
	say(client, "first");
	say(client, "second");
	step(&s, -1);
	ok(s.count == 0 && !s.task->done, "an unwanted datagram is dropped");
	step(&s, -1);
	ok(s.count == 1 && s.task->done && is_from(s.clients[0], client),
	    "the first one makes its sender the client");
	ok(brings(s.clients[0], "first") && brings(s.clients[0], "second"),
	    "and none of its datagrams is lost");
	ok(stream_write(s.clients[0], "back", 4) == 4, "it can be answered");
	close(unwanted);
	close(client);
	end(&s);
}

static void
each_datagram_peer_is_a_stream(void)
{
	struct scene s;
	char byte;
	int one, other, late;

	set_scene(&s, udp(), "127.0.0.1");
	start(&s);
	one = connect_from(&s, "127.0.0.1", SOCK_DGRAM);
	other = connect_from(&s, "127.0.0.1", SOCK_DGRAM);
	say(one, "one");
	say(other, "other");
	for (int i = 0; i < 2 && s.count < 2; i++)
		step(&s, -1);
	ok(s.count == 2 && brings(s.clients[0], "one") &&
		brings(s.clients[1], "other"),
	    "with -k each peer is a stream");
	listener_stop(s.listener);
	late = connect_from(&s, "127.0.0.1", SOCK_DGRAM);
	say(late, "late");
	s.now = loop_now();
	step(&s, 0);
	ok(s.count == 2 && !s.task->done, "once it is stopped none comes");
	ok(stream_write(s.clients[1], "!", 1) == 1 &&
		read(other, &byte, 1) == 1,
	    "but answers still leave");
	close(one);
	close(other);
	close(late);
	end(&s);
}

static void
paths_are_removed(void)
{
	struct scene s;
	int client;

	set_scene(&s, unix_of(SOCK_STREAM), "path");
	start(&s);
	client = connect_to_path("path", SOCK_STREAM);
	step(&s, -1);
	ok(s.count == 1, "a path is listened on");
	listener_stop(s.listener);
	ok(s.task->done && !exists("path"), "stopping removes the path");
	close(client);
	end(&s);

	set_scene(&s, unix_of(SOCK_DGRAM), "path");
	start(&s);
	ok(exists("path"), "and it can be bound again");
	end(&s);
	ok(!exists("path"), "freeing the listener removes it, too");
}

static void
another_ones_path_is_not_removed(void)
{
	struct scene s;

	set_scene(&s, unix_of(SOCK_STREAM), "path");
	start(&s);
	if (rename("path", "old") == -1 || creat("path", 0600) == -1)
		abort();
	end(&s);
	ok(exists("path"), "a path that is another file now stays");
	unlink("path");
	unlink("old");
}

static void
a_locked_directory_is_waited_for(void)
{
	int directory = open(".", O_RDONLY | O_CLOEXEC);
	struct scene s;

	leave_dead_path("path");
	flock(directory, LOCK_EX);
	set_scene(&s, unix_of(SOCK_STREAM), "path");
	start(&s);
	s.now = loop_now();
	ok(s.readies == 0 && s.failures == 0 && wanted(&s) == 0 &&
		deadline(&s) <= s.now + UNIXPATH_RETRY_MS,
	    "while another program takes a path over, it asks again later");
	flock(directory, LOCK_UN);
	s.now = deadline(&s);
	step(&s, 0);
	ok(s.readies == 1, "and listens when that is over");
	close(directory);
	end(&s);
}

static void
what_cannot_be_bound_is_told(void)
{
	char line[TEXT_MAX], port[6];
	int taken = bind_at("127.0.0.1", SOCK_STREAM, 0);
	struct scene s;

	snprintf(port, sizeof(port), "%u", port_of(taken));
	set_scene(&s, tcp(), "127.0.0.1");
	s.options.port = port;
	start(&s);
	snprintf(line, sizeof(line),
	    "sockcat: listen on 127.0.0.1 port %s (tcp) failed: "
	    "Address already in use\n",
	    port);
	ok(s.failures == 1 && s.task->done && s.readies == 0 && logged(line),
	    "an address in use is told, once, and ends the listener");
	close(taken);
	end(&s);
}

static void
what_is_not_found_is_told(void)
{
	struct scene s;

	set_scene(&s, tcp(), "nowhere.test");
	start(&s);
	step(&s, WAIT_MS);
	ok(s.failures == 1 && s.task->done &&
		logged("sockcat: listen on nowhere.test: "
		       "Name or service not known\n"),
	    "a host that does not exist is told, and ends it");
	end(&s);
}

static void
what_is_inherited_is_served(void)
{
	struct inherited_socket items[2] = {
		{ .transport = tcp(), .is_listening = true },
		{ .transport = udp() },
	};
	struct inherited in = { .items = items, .count = 2 };
	int clients[2];
	struct scene s;

	items[0].fd = bind_at("127.0.0.1", SOCK_STREAM, 0);
	listen(items[0].fd, 1);
	items[1].fd = bind_at("127.0.0.1", SOCK_DGRAM, port_of(items[0].fd));
	set_scene(&s, NULL, NULL);
	s.options.inherited = &in;
	start(&s);
	ok(s.readies == 1 && s.sockets == 2 &&
		(fcntl(items[0].fd, F_GETFL) & O_NONBLOCK) != 0,
	    "inherited sockets are taken over, and do not wait from then on");
	clients[0] = connect_from(&s, "127.0.0.1", SOCK_STREAM);
	clients[1] = connect_from(&s, "127.0.0.1", SOCK_DGRAM);
	say(clients[1], "datagram");
	step(&s, -1);
	step(&s, 0);
	ok(s.count == 2 && is_from(s.clients[0], clients[0]) &&
		brings(s.clients[1], "datagram"),
	    "connections and datagrams side by side");
	close(clients[0]);
	close(clients[1]);
	end(&s);
}

static void
an_inherited_client_is_the_only_one(void)
{
	struct inherited_socket item = { .transport = unix_of(SOCK_STREAM),
		.is_connected = true };
	struct inherited in = { .items = &item, .count = 1 };
	struct address peer;
	struct scene s;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
		abort();
	item.fd = pair[0];
	set_scene(&s, NULL, NULL);
	s.options.inherited = &in;
	s.options.keep_open = false;
	start(&s);
	ok(s.readies == 1 && s.count == 1 && s.task->done &&
		s.clients[0]->never_aborts,
	    "an inherited client is the only one, and is never reset");
	close(pair[1]);
	end(&s);

	item.transport = udp();
	item.fd = bind_at("127.0.0.1", SOCK_DGRAM, 0);
	pair[0] = bind_at("127.0.0.2", SOCK_DGRAM, 0);
	socket_local(pair[0], &peer);
	connect(item.fd, (struct sockaddr *)&peer.storage, peer.length);
	set_scene(&s, NULL, NULL);
	s.options.inherited = &in;
	s.options.keep_open = false;
	inet_pton(AF_INET, "127.0.0.2", &s.unwanted);
	start(&s);
	ok(s.failures == 1 && s.count == 0 && s.task->done &&
		fcntl(item.fd, F_GETFD) == -1 && s.readies == 0,
	    "one that may not come in is closed, and the listener fails");
	close(pair[0]);
	end(&s);
}

int
main(void)
{
	char folder[] = "/tmp/listener.XXXXXX";

	if (mkdtemp(folder) == NULL || chdir(folder) == -1 ||
	    dup2(open("log", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600),
		STDERR_FILENO) == -1)
		abort();
	alarm(LIMIT_S);
	setprogname("sockcat");
	clients_are_taken_in_order();
	both_families_have_one_port();
	one_step_takes_some();
	a_full_house_leaves_clients_in_the_queue();
	a_shortage_is_a_pause();
	clients_that_have_left_are_passed_over();
	who_is_unwanted_is_not_read();
	one_client_is_enough();
	the_first_datagram_is_a_stream();
	each_datagram_peer_is_a_stream();
	paths_are_removed();
	another_ones_path_is_not_removed();
	a_locked_directory_is_waited_for();
	what_cannot_be_bound_is_told();
	what_is_not_found_is_told();
	what_is_inherited_is_served();
	an_inherited_client_is_the_only_one();
	unlink("log");
	rmdir(folder);
	return tap_end();
}
