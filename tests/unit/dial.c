/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A real dial over loopback, stepped by hand: time is what the test says it
 * is, and so is what getaddrinfo(3) finds.
 */
#include "dial/dial.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "dial/target.h"
#include "net/address.h"
#include "net/transport.h"
#include "stream/stream.h"
#include "tap.h"

enum { TEXT_MAX = 1024, FAILURES_MAX = 4, LIMIT_S = 60 };

/* What a dial has come to, and what it told on its way. */
struct outcome {
	struct target target;
	struct task *task;
	int64_t now;
	int told, done;
	struct stream *stream;
	enum dial_stage stage;
	int error;
	int failures;
	char texts[FAILURES_MAX][TEXT_MAX];
};

/* A name that is never found out about while this is open. */
static int silence[2] = { -1, -1 };

/*
 * In the place of the C library's: "two.test" is 127.0.0.1 and 127.0.0.2,
 * "silent.test" takes until the test is over, and no other name exists.
 */
int
getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
    struct addrinfo **found)
{
	static const char *const hosts[] = { "127.0.0.1", "127.0.0.2" };
	char byte;

	if (hints->ai_flags & AI_NUMERICHOST)
		return EAI_NONAME;
	if (strcmp(host, "silent.test") == 0)
		while (read(silence[0], &byte, 1) == -1)
			;
	if (strcmp(host, "two.test") != 0)
		return EAI_NONAME;
	*found = NULL;
	for (int i = 1; i >= 0; i--) {
		struct addrinfo *one = calloc(1, sizeof(*one));
		struct sockaddr_in *in = calloc(1, sizeof(*in));

		if (one == NULL || in == NULL)
			abort();
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)atoi(port));
		inet_pton(AF_INET, hosts[i], &in->sin_addr);
		one->ai_addr = (struct sockaddr *)in;
		one->ai_addrlen = sizeof(*in);
		one->ai_next = *found;
		*found = one;
	}
	return 0;
}

void
freeaddrinfo(struct addrinfo *list)
{
	struct addrinfo *next;

	for (; list != NULL; list = next) {
		next = list->ai_next;
		free(list->ai_addr);
		free(list);
	}
}

static void
note_failure(void *context, const struct dial_failure *f)
{
	struct outcome *o = context;

	(void)f;
	o->told++;
}

static void
note_result(void *context, const struct dial_result *result)
{
	struct outcome *o = context;
	const struct dial_failure *f;

	o->done++;
	o->stream = result->stream;
	o->stage = result->stage;
	o->error = result->error;
	STAILQ_FOREACH(f, result->failures, others)
	{
		char *text = o->texts[o->failures];

		if (o->failures == FAILURES_MAX)
			break;
		dial_failure_format(f, &o->target, text, TEXT_MAX);
		strlcat(text, ": ", TEXT_MAX);
		strlcat(text, f->reason, TEXT_MAX);
		o->failures++;
	}
}

static void
dial(struct outcome *o, const char *transport, const char *host,
    const char *port)
{
	*o = (struct outcome){ .now = loop_now() };
	o->target.transport = transport != NULL
	    ? transport_by_name(transport)
	    : transport_by_type(TRANSPORT_UNIX, SOCK_STREAM);
	o->target.host = host;
	o->target.port = port;
	o->target.timeout = -1;
	o->target.socket.tos = -1;
}

static void
begin(struct outcome *o)
{
	o->task = dial_new(&o->target, note_failure, note_result, o);
	if (o->task == NULL)
		abort();
}

/* Steps once, after waiting so long (-1: for ever) for what it wants. */
static void
step(struct outcome *o, int wait)
{
	struct poll_set set = { 0 };

	o->task->ops->want(o->task, &set);
	poll(set.fds, (nfds_t)set.count, set.count == 0 ? 0 : wait);
	o->task->ops->step(o->task, &set, o->now);
	free(set.fds);
}

static void
end(struct outcome *o)
{
	o->task->ops->free(o->task);
	stream_free(o->stream);
}

/* What it comes to without the clock, which stands still. */
static void
run(struct outcome *o)
{
	begin(o);
	while (!o->task->done)
		step(o, -1);
}

/* A socket bound to a port of a loopback address ("0": any), or -1. */
static int
bind_at(const char *host, int type, char port[6])
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(port)) };
	socklen_t length = sizeof(in);
	int fd = socket(AF_INET, type, 0), one = 1;

	/* The dial may leave from that port. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	inet_pton(AF_INET, host, &in.sin_addr);
	if (bind(fd, (struct sockaddr *)&in, length) == -1) {
		close(fd);
		return -1;
	}
	if (getsockname(fd, (struct sockaddr *)&in, &length) == -1)
		abort();
	snprintf(port, 6, "%u", ntohs(in.sin_port));
	return fd;
}

/* Both addresses of two.test, on one port. */
static void
bind_two(int fds[2], char port[6])
{
	for (;;) {
		strlcpy(port, "0", 6);
		fds[0] = bind_at("127.0.0.1", SOCK_STREAM, port);
		fds[1] = bind_at("127.0.0.2", SOCK_STREAM, port);
		if (fds[0] != -1 && fds[1] != -1)
			return;
		close(fds[0]);
		close(fds[1]);
	}
}

/* A listener that drops what comes, for its queue is full. */
struct full {
	int fd, clients[2];
};

static struct full
fill(int fd)
{
	struct full f = { .fd = fd };
	struct sockaddr_in in = { 0 };
	socklen_t length = sizeof(in);

	if (listen(fd, 0) == -1 ||
	    getsockname(fd, (struct sockaddr *)&in, &length) == -1)
		abort();
	for (int i = 0; i < 2; i++) {
		f.clients[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(f.clients[i], (struct sockaddr *)&in, length);
	}
	return f;
}

static void
close_full(const struct full *f)
{
	close(f->clients[0]);
	close(f->clients[1]);
	close(f->fd);
}

__attribute__((__format__(__printf__, 3, 4))) static bool
says(const struct outcome *o, int at, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return at < o->failures && strcmp(o->texts[at], text) == 0;
}

static bool
fails(const struct outcome *o, enum dial_stage stage, int error)
{
	return o->done == 1 && o->stream == NULL && o->stage == stage &&
	    o->error == error;
}

static int
count_descriptors(void)
{
	enum { DESCRIPTORS_MAX = 256 };
	int count = 0;

	for (int fd = 0; fd < DESCRIPTORS_MAX; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	return count;
}

/* How many there are before the first test. */
static int inherited;

/* Threads that have answered close theirs when they leave. */
static bool
all_are_closed(void)
{
	enum { PATIENCE_MS = 5000 };

	for (int i = 0; i < PATIENCE_MS; i++) {
		if (count_descriptors() == inherited)
			return true;
		poll(NULL, 0, 1);
	}
	return false;
}

static void
a_dial_ends_with_a_stream(void)
{
	struct outcome o;
	char port[6] = "0", byte = 0;
	int listener = bind_at("127.0.0.1", SOCK_STREAM, port), client;

	listen(listener, 1);
	dial(&o, "tcp", "127.0.0.1", port);
	run(&o);
	ok(o.done == 1 && o.stream != NULL && o.failures == 0 && o.told == 0,
	    "a dial ends with a stream");
	o.task->ops->free(o.task);
	client = accept(listener, NULL, NULL);
	ok(stream_write(o.stream, "x", 1) == 1 && read(client, &byte, 1) == 1 &&
		byte == 'x',
	    "which lives on when the dial is freed");
	stream_free(o.stream);
	close(client);
	close(listener);
}

static void
the_source_fails(void)
{
	struct outcome o;

	dial(&o, "tcp", "127.0.0.1", "1");
	o.target.source = "nobody.test";
	run(&o);
	ok(fails(&o, DIAL_SOURCE, 0) && o.failures == 1 && o.told == 1 &&
		says(&o, 0, "local address nobody.test: %s",
		    gai_strerror(EAI_NONAME)) &&
		strcmp(dial_stage_name(o.stage), "source") == 0,
	    "a local address that nobody knows is a failure of its own");
	end(&o);
}

static void
the_host_fails(void)
{
	struct outcome o;
	char path[200];

	dial(&o, "tcp", "nobody.test", "1");
	run(&o);
	ok(fails(&o, DIAL_RESOLVE, 0) && o.failures == 1 && o.told == 1 &&
		says(&o, 0, "nobody.test port 1: %s",
		    gai_strerror(EAI_NONAME)) &&
		strcmp(dial_stage_name(o.stage), "resolve") == 0,
	    "so is a host that nobody knows");
	end(&o);
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	dial(&o, NULL, path, NULL);
	run(&o);
	ok(fails(&o, DIAL_RESOLVE, ENAMETOOLONG) &&
		says(&o, 0,
		    "connect to %s (unix) failed: File name too long "
		    "(107 bytes at most)",
		    path),
	    "and a path that is too long");
	end(&o);
}

static void
nobody_listens(void)
{
	struct outcome o;
	char port[6] = "0";
	int bound = bind_at("127.0.0.1", SOCK_STREAM, port);

	dial(&o, "tcp", "127.0.0.1", port);
	run(&o);
	ok(fails(&o, DIAL_CONNECT, ECONNREFUSED) && o.failures == 1 &&
		o.told == 1 &&
		says(&o, 0,
		    "connect to 127.0.0.1 port %s (tcp) failed: "
		    "Connection refused",
		    port) &&
		strcmp(dial_stage_name(o.stage), "connect") == 0,
	    "a refusal is told from the failures before it");
	end(&o);
	close(bound);
}

static void
nobody_is_told(void)
{
	struct outcome o;
	char port[6] = "0";
	int bound = bind_at("127.0.0.1", SOCK_STREAM, port);

	dial(&o, "tcp", "127.0.0.1", port);
	o.task = dial_new(&o.target, NULL, note_result, &o);
	while (!o.task->done)
		step(&o, -1);
	ok(fails(&o, DIAL_CONNECT, ECONNREFUSED) && o.told == 0,
	    "the result is enough to know why");
	end(&o);
	close(bound);
}

static void
all_addresses_fail(void)
{
	struct outcome o;
	char port[6];
	int fds[2];

	bind_two(fds, port);
	dial(&o, "tcp", "two.test", port);
	run(&o);
	ok(fails(&o, DIAL_CONNECT, ECONNREFUSED) && o.failures == 2 &&
		o.told == 2 &&
		says(&o, 0,
		    "connect to two.test (127.0.0.1) port %s (tcp) failed: "
		    "Connection refused",
		    port) &&
		says(&o, 1,
		    "connect to two.test (127.0.0.2) port %s (tcp) failed: "
		    "Connection refused",
		    port),
	    "each address has a failure, in their order");
	end(&o);
	close(fds[0]);
	close(fds[1]);
}

/* Steps until the name is known, and the first attempt under way. */
static void
run_to_attempt(struct outcome *o)
{
	begin(o);
	step(o, 0);
	while (o->task->ops->deadline(o->task) == LOOP_NEVER)
		step(o, -1);
}

static void
the_second_address_wins(void)
{
	struct outcome o;
	struct full full;
	char port[6];
	int fds[2];

	bind_two(fds, port);
	full = fill(fds[0]);
	listen(fds[1], 1);
	dial(&o, "tcp", "two.test", port);
	run_to_attempt(&o);
	ok(o.task->ops->deadline(o.task) == o.now + 250,
	    "an address that says nothing has 250 ms (RFC 8305)");
	o.now += 249;
	step(&o, 0);
	ok(!o.task->done && o.task->ops->deadline(o.task) == o.now + 1,
	    "and not less");
	o.now++;
	step(&o, 0);
	while (!o.task->done)
		step(&o, -1);
	ok(o.stream != NULL && o.failures == 0 && o.told == 0 &&
		strstr(o.stream->source, "127.0.0.2") != NULL,
	    "then the next one has its turn, and wins");
	end(&o);
	close_full(&full);
	close(fds[1]);
	ok(all_are_closed(), "the socket that lost is closed");
}

static void
the_first_address_is_refused(void)
{
	struct outcome o;
	char port[6];
	int fds[2];

	bind_two(fds, port);
	listen(fds[1], 1);
	dial(&o, "tcp", "two.test", port);
	run(&o);
	ok(o.stream != NULL && o.failures == 0 && o.told == 1,
	    "an address that fails is followed by the next one at once");
	end(&o);
	close(fds[0]);
	close(fds[1]);
}

static void
time_runs_out(void)
{
	struct outcome o;
	struct full full[2];
	char port[6];
	int fds[2];
	int64_t start;

	bind_two(fds, port);
	full[0] = fill(fds[0]);
	full[1] = fill(fds[1]);
	dial(&o, "tcp", "two.test", port);
	o.target.timeout = 1000;
	start = o.now;
	begin(&o);
	step(&o, 0);
	o.now = start + 900; /* when the name is known */
	step(&o, -1);
	ok(!o.task->done && o.task->ops->deadline(o.task) == start + 1000,
	    "looking up and connecting share one deadline");
	o.now = start + 1000;
	step(&o, 0);
	ok(fails(&o, DIAL_CONNECT, ETIMEDOUT) && o.failures == 2 &&
		o.told == 2 &&
		says(&o, 0,
		    "connect to two.test (127.0.0.1) port %s (tcp) failed: "
		    "Connection timed out",
		    port),
	    "a connection that takes too long is a timeout");
	end(&o);
	close_full(&full[0]);
	close_full(&full[1]);
}

static void
a_look_up_takes_too_long(void)
{
	struct outcome o;

	if (pipe2(silence, O_CLOEXEC) == -1)
		abort();
	dial(&o, "tcp", "silent.test", "1");
	o.target.timeout = 1000;
	begin(&o);
	step(&o, 0);
	o.now += 999;
	step(&o, 0);
	ok(!o.task->done, "a look-up has as long as the dial");
	o.now += 1000;
	step(&o, 0);
	ok(fails(&o, DIAL_RESOLVE, ETIMEDOUT) &&
		says(&o, 0, "silent.test port 1: Connection timed out"),
	    "and is what failed when that is over");
	end(&o);
	dial(&o, "tcp", "127.0.0.1", "1");
	o.target.source = "silent.test";
	o.target.timeout = 1000;
	begin(&o);
	step(&o, 0);
	o.now += 2000;
	step(&o, 0);
	ok(fails(&o, DIAL_SOURCE, ETIMEDOUT) &&
		says(&o, 0, "local address silent.test: Connection timed out"),
	    "so has one of the local address");
	end(&o);
	/* The threads are told that it is over, and read that it is. */
	close(silence[1]);
	while (count_descriptors() > inherited + 1)
		poll(NULL, 0, 1);
	close(silence[0]);
}

/* From the port that nobody listens on, to that port. */
static void
a_dial_to_itself(void)
{
	struct outcome o;
	char port[6] = "0";
	struct sockaddr_in in = { 0 };
	socklen_t length = sizeof(in);
	int bound = bind_at("127.0.0.1", SOCK_STREAM, port);
	int service = socket(AF_INET, SOCK_STREAM, 0);

	getsockname(bound, (struct sockaddr *)&in, &length);
	dial(&o, "tcp", "127.0.0.1", port);
	o.target.source_port = port;
	run(&o);
	ok(fails(&o, DIAL_CONNECT, ECONNREFUSED),
	    "a connection to itself is refused");
	end(&o);
	close(bound);
	ok(bind(service, (struct sockaddr *)&in, length) == 0,
	    "and leaves the port free for its service");
	close(service);
}

static void
a_freed_dial_closes_its_sockets(void)
{
	struct outcome o;
	char port[6] = "0";
	struct full full;
	int before;

	ok(all_are_closed(), "other dials have left nothing open");
	full = fill(bind_at("127.0.0.1", SOCK_STREAM, port));
	before = count_descriptors();
	dial(&o, "tcp", "127.0.0.1", port);
	begin(&o);
	step(&o, 0);
	ok(!o.task->done && count_descriptors() == before + 1,
	    "a dial under way has a socket");
	end(&o);
	ok(o.done == 0 && count_descriptors() == before,
	    "which is closed when the dial is freed, without a result");
	close_full(&full);
}

static void
a_unix_listener_is_busy(void)
{
	struct outcome o;
	struct sockaddr_un un = { .sun_family = AF_UNIX,
		.sun_path = "\0sockcat-dial-test" };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	int client = socket(AF_UNIX, SOCK_STREAM, 0);
	char name[32];

	snprintf(name, sizeof(name), "@sockcat-%ld", (long)getpid());
	memcpy(un.sun_path + 1, name + 1, strlen(name) - 1);
	if (bind(listener, (struct sockaddr *)&un,
		(socklen_t)(sizeof(sa_family_t) + strlen(name))) == -1 ||
	    listen(listener, 0) == -1 ||
	    connect(client, (struct sockaddr *)&un,
		(socklen_t)(sizeof(sa_family_t) + strlen(name))) == -1)
		abort();
	dial(&o, NULL, name, NULL);
	begin(&o);
	step(&o, 0);
	ok(!o.task->done && o.task->ops->deadline(o.task) == o.now + 10,
	    "a unix listener whose queue is full is asked again");
	close(accept(listener, NULL, NULL));
	o.now += 10;
	step(&o, 0);
	ok(o.task->done && o.stream != NULL, "until it has room");
	end(&o);
	close(client);
	close(listener);
}

static void
datagrams_need_nobody(void)
{
	struct outcome o;
	char port[6] = "0";
	int bound = bind_at("127.0.0.1", SOCK_DGRAM, port);

	dial(&o, "udp", "two.test", port);
	run(&o);
	ok(o.stream != NULL && o.stream->is_connectionless,
	    "a datagram socket is connected at once");
	end(&o);
	close(bound);
}

int
main(void)
{
	alarm(LIMIT_S);
	inherited = count_descriptors();
	a_dial_ends_with_a_stream();
	the_source_fails();
	the_host_fails();
	nobody_listens();
	nobody_is_told();
	all_addresses_fail();
	the_second_address_wins();
	the_first_address_is_refused();
	time_runs_out();
	a_look_up_takes_too_long();
	a_dial_to_itself();
	a_freed_dial_closes_its_sockets();
	a_unix_listener_is_busy();
	datagrams_need_nobody();
	return tap_end();
}
