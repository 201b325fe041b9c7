/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A bare mover of bytes, to find what the kernel allows for each technique and
 * size of buffer.
 */
#include <sys/socket.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mover/mover.h"

static const char usage_text[] =
    "usage:\n"
    "mover [OPTIONS] HOST PORT          send standard input\n"
    "mover [OPTIONS] -l HOST PORT       write what one peer sends\n"
    "mover [OPTIONS] -r PORT HOST PORT  join one peer on PORT, both ways\n"
    "  -U PATH    a unix socket in place of HOST PORT\n"
    "  -u         UDP\n"
    "  -m METHOD  rw, splice, sendfile, zerocopy, vmsplice;\n"
    "             nrw, nsplice: never blocking, with poll(2);\n"
    "             psplice: blocking, poll(2) first;\n"
    "             UDP: rw, mmsg, gso to send, rw, mmsg, gro to receive\n"
    "  -b BYTES   of the buffer, or of one splice(2)\n"
    "  -P BYTES   F_SETPIPE_SZ of the pipes\n"
    "  -M         without SPLICE_F_MORE\n"
    "  -S BYTES   SO_SNDBUF\n"
    "  -R BYTES   SO_RCVBUF\n"
    "  -n         TCP_NODELAY\n"
    "  -e         both ways, in one loop (for latency)\n"
    "  -f         both ways, a process for each (for throughput)\n";

static _Noreturn void
usage(void)
{
	fputs(usage_text, stderr);
	exit(2);
}

struct options {
	struct mover mover;
	const char *relay_port;
	bool is_server, is_duplex, is_forked;
};

bool
mover_uses(const struct mover *m, const char *method)
{
	return strcmp(m->method, method) == 0;
}

unsigned
mover_splice_flags(const struct mover *m)
{
	return SPLICE_F_MOVE | (m->is_without_more ? 0 : SPLICE_F_MORE);
}

/* Where an option with that letter puts its argument, or NULL. */
static const char **
option_word(struct options *o, int letter)
{
	switch (letter) {
	case 'U':
		return &o->mover.unix_path;
	case 'm':
		return &o->mover.method;
	case 'r':
		return &o->relay_port;
	}
	return NULL;
}

static int *
option_number(struct options *o, int letter)
{
	switch (letter) {
	case 'P':
		return &o->mover.pipe_bytes;
	case 'R':
		return &o->mover.receive_buffer;
	case 'S':
		return &o->mover.send_buffer;
	case 'b':
		return &o->mover.buffer_bytes;
	}
	return NULL;
}

static bool *
option_flag(struct options *o, int letter)
{
	switch (letter) {
	case 'M':
		return &o->mover.is_without_more;
	case 'e':
		return &o->is_duplex;
	case 'f':
		return &o->is_forked;
	case 'l':
		return &o->is_server;
	case 'n':
		return &o->mover.is_nodelay;
	case 'u':
		return &o->mover.is_udp;
	}
	return NULL;
}

static void
options_parse(struct options *o, int argc, char **argv)
{
	int letter;

	while ((letter = getopt(argc, argv, "MP:R:S:U:b:eflm:nr:u")) != -1) {
		const char **word = option_word(o, letter);
		int *number = option_number(o, letter);
		bool *flag = option_flag(o, letter);

		if (word != NULL)
			*word = optarg;
		else if (number != NULL)
			*number = atoi(optarg);
		else if (flag != NULL)
			*flag = true;
		else
			usage();
	}
	if (o->mover.unix_path == NULL && argc - optind != 2)
		usage();
}

/* One direction in each of two processes; the end of each is passed on. */
static void
move_both_ways(const struct mover *m, int in, int out, int socket)
{
	pid_t pid = fork();

	if (pid == -1)
		err(1, "fork");
	if (pid == 0) {
		stream_move(m, socket, out);
		shutdown(out, SHUT_WR);
		_exit(0);
	}
	if (in != out)
		close(out);
	stream_move(m, in, socket);
	shutdown(socket, SHUT_WR);
	wait(NULL);
}

/* The peer's end says that all has arrived. */
static void
send_input(const struct mover *m, int socket)
{
	stream_move(m, STDIN_FILENO, socket);
	shutdown(socket, SHUT_WR);
	fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) & ~O_NONBLOCK);
	while (read(socket, m->buffer, m->buffer_bytes) > 0)
		;
}

static void
move(const struct options *o, int socket)
{
	const struct mover *m = &o->mover;

	if (o->is_forked)
		move_both_ways(m, STDIN_FILENO, STDOUT_FILENO, socket);
	else if (o->is_duplex)
		polled_duplex(m, STDIN_FILENO, STDOUT_FILENO, socket);
	else if (m->is_udp && o->is_server)
		datagram_receive(m, socket, STDOUT_FILENO);
	else if (m->is_udp)
		datagram_send(m, STDIN_FILENO, socket);
	else if (o->is_server)
		stream_move(m, socket, STDOUT_FILENO);
	else
		send_input(m, socket);
}

int
main(int argc, char **argv)
{
	struct options o = { .mover = {
				 .method = "rw", .buffer_bytes = 65536 } };
	struct mover *m = &o.mover;
	const char *host, *port;

	options_parse(&o, argc, argv);
	host = m->unix_path == NULL ? argv[optind] : NULL;
	port = m->unix_path == NULL ? argv[optind + 1] : NULL;
	signal(SIGPIPE, SIG_IGN);
	if (posix_memalign((void **)&m->buffer, 4096, m->buffer_bytes) != 0)
		errx(1, "no memory");
	if (o.relay_port != NULL) {
		int client = endpoint_accept(m, "127.0.0.1", o.relay_port);

		move_both_ways(
		    m, client, client, endpoint_connect(m, host, port));
	} else if (o.is_server) {
		move(&o, endpoint_accept(m, host, port));
	} else {
		move(&o, endpoint_connect(m, host, port));
	}
	return 0;
}
