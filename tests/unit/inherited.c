/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Each case runs in a child, which may do what it likes to its descriptors
 * and its environment.
 */
#include "listen/inherited.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <netinet/in.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/transport.h"
#include "tap.h"

static bool
holds(bool (*test)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(test() ? 0 : 1);
	return pid != -1 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* Says that so many descriptors are there, for this process by default. */
static void
offer(const char *count, const char *pid)
{
	char own[16];

	snprintf(own, sizeof(own), "%d", (int)getpid());
	setenv("LISTEN_PID", pid != NULL ? pid : own, 1);
	setenv("LISTEN_FDS", count, 1);
	setenv("LISTEN_FDNAMES", "a:b", 1);
}

static void
place(int fd, int wanted)
{
	if (fd == -1)
		abort();
	if (fd == wanted)
		return;
	dup2(fd, wanted);
	close(fd);
}

static int
bound_socket(int domain, int type)
{
	struct sockaddr_in in4 = { .sin_family = AF_INET };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(domain, type, 0);
	int result;

	in4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (domain == AF_INET)
		result = bind(fd, (struct sockaddr *)&in4, sizeof(in4));
	else /* an abstract name of the system's choice */
		result = bind(fd, (struct sockaddr *)&un, sizeof(sa_family_t));
	if (result == -1)
		abort();
	return fd;
}

static int
listening_socket(int domain, int type)
{
	int fd = bound_socket(domain, type);

	if (listen(fd, 5) == -1)
		abort();
	return fd;
}

static int
connected_socket(int type)
{
	int pair[2];

	if (socketpair(AF_UNIX, type, 0, pair) == -1)
		abort();
	return pair[0];
}

static bool
is_null(int fd, int access)
{
	struct stat st, null;

	return fstat(fd, &st) == 0 && stat("/dev/null", &null) == 0 &&
	    st.st_rdev == null.st_rdev &&
	    (fcntl(fd, F_GETFL) & O_ACCMODE) == access;
}

static bool
is_forgotten(void)
{
	return getenv("LISTEN_PID") == NULL && getenv("LISTEN_FDS") == NULL &&
	    getenv("LISTEN_FDNAMES") == NULL;
}

static bool
is_a(const struct inherited_socket *s, int fd, const char *name)
{
	return s->fd == fd && strcmp(s->transport->name, name) == 0 &&
	    (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

static bool
all_kinds_are_known(void)
{
	struct inherited in;

	place(listening_socket(AF_INET, SOCK_STREAM), 3);
	place(bound_socket(AF_INET, SOCK_DGRAM), 4);
	place(listening_socket(AF_UNIX, SOCK_STREAM), 5);
	place(bound_socket(AF_UNIX, SOCK_DGRAM), 6);
	place(listening_socket(AF_UNIX, SOCK_SEQPACKET), 7);
	offer("5", NULL);
	return inherited_is_offered() && inherited_from_systemd(&in) == 5 &&
	    in.count == 5 && is_forgotten() && inherited_client(&in) == NULL &&
	    is_a(&in.items[0], 3, "tcp") && in.items[0].is_listening &&
	    is_a(&in.items[1], 4, "udp") && !in.items[1].is_listening &&
	    is_a(&in.items[2], 5, "unix") && in.items[2].is_listening &&
	    is_a(&in.items[3], 6, "unix datagram") &&
	    is_a(&in.items[4], 7, "unix seqpacket");
}

static bool
a_connected_socket_is_one_client(void)
{
	struct inherited in;

	place(connected_socket(SOCK_STREAM), 3);
	offer("1", NULL);
	return inherited_from_systemd(&in) == 1 && in.items[0].is_connected &&
	    !in.items[0].is_listening && inherited_client(&in) == in.items;
}

static bool
others_are_left_alone(void)
{
	struct inherited in;

	offer("x", "1");
	return !inherited_is_offered() && inherited_from_systemd(&in) == 0 &&
	    in.count == 0 && is_forgotten();
}

static bool
nothing_is_no_error(void)
{
	struct inherited in;

	offer("0", NULL);
	if (inherited_is_offered() || inherited_from_systemd(&in) != 0)
		return false;
	return inherited_from_systemd(&in) == 0;
}

static bool
is_refused(const char *count, const char *pid)
{
	struct inherited in;

	tap_hush();
	offer(count, pid);
	return inherited_from_systemd(&in) == -1 && in.count == 0 &&
	    is_forgotten();
}

static bool
garbage_is_refused(void)
{
	place(listening_socket(AF_INET, SOCK_STREAM), 3);
	return is_refused("x", NULL) && is_refused("-1", NULL) &&
	    is_refused("99999999999", NULL) && is_refused("2147483640", NULL) &&
	    is_refused("", NULL) && is_refused("1", "1x");
}

static bool
a_closed_descriptor_is_refused(void)
{
	place(listening_socket(AF_INET, SOCK_STREAM), 3);
	close(4);
	return is_refused("2", NULL);
}

static bool
a_file_is_refused(void)
{
	place(open("/dev/null", O_RDONLY), 3);
	return is_refused("1", NULL);
}

static bool
a_useless_socket_is_refused(void)
{
	place(bound_socket(AF_INET, SOCK_STREAM), 3);
	if (!is_refused("1", NULL))
		return false;
	place(socket(AF_INET, SOCK_DGRAM, 0), 3);
	if (!is_refused("1", NULL))
		return false;
	place(socket(AF_UNIX, SOCK_DGRAM, 0), 3);
	return is_refused("1", NULL);
}

static bool
a_client_comes_alone(void)
{
	place(connected_socket(SOCK_STREAM), 3);
	place(connected_socket(SOCK_STREAM), 4);
	return is_refused("2", NULL);
}

static bool
inetd_gives_a_client(void)
{
	struct inherited in;

	place(connected_socket(SOCK_STREAM), STDIN_FILENO);
	dup2(STDIN_FILENO, STDOUT_FILENO);
	dup2(STDIN_FILENO, STDERR_FILENO);
	return inherited_from_inetd(&in) == 1 && in.items[0].fd >= 3 &&
	    is_a(&in.items[0], in.items[0].fd, "unix") &&
	    inherited_client(&in) == in.items &&
	    is_null(STDIN_FILENO, O_RDONLY) &&
	    is_null(STDOUT_FILENO, O_RDONLY) &&
	    is_null(STDERR_FILENO, O_WRONLY);
}

static bool
inetd_gives_a_bound_socket(void)
{
	struct inherited in;
	struct stat before, after;

	place(bound_socket(AF_INET, SOCK_DGRAM), STDIN_FILENO);
	fstat(STDERR_FILENO, &before);
	return inherited_from_inetd(&in) == 1 && !in.items[0].is_connected &&
	    is_a(&in.items[0], in.items[0].fd, "udp") &&
	    fstat(STDERR_FILENO, &after) == 0 && before.st_ino == after.st_ino;
}

static bool
inetd_without_a_socket_is_refused(void)
{
	struct inherited in;

	tap_hush();
	place(open("/dev/null", O_RDONLY), STDIN_FILENO);
	return inherited_from_inetd(&in) == -1 && in.count == 0;
}

int
main(void)
{
	ok(holds(all_kinds_are_known),
	    "each socket is taken for what it is, and kept from children");
	ok(holds(a_connected_socket_is_one_client),
	    "a connected socket is one client");
	ok(holds(others_are_left_alone),
	    "sockets for another process are ignored, whatever is said of "
	    "them");
	ok(holds(nothing_is_no_error), "no sockets are no error");
	ok(holds(garbage_is_refused), "what is no number is refused");
	ok(holds(a_closed_descriptor_is_refused),
	    "a closed descriptor is refused");
	ok(holds(a_file_is_refused), "what is no socket is refused");
	ok(holds(a_useless_socket_is_refused),
	    "a socket that nobody can reach is refused");
	ok(holds(a_client_comes_alone), "a client comes without other sockets");
	ok(holds(inetd_gives_a_client),
	    "inetd's client moves away from the standard descriptors");
	ok(holds(inetd_gives_a_bound_socket),
	    "standard error stays where it is no socket of inetd's");
	ok(holds(inetd_without_a_socket_is_refused),
	    "inetd's socket must be one");
	return tap_end();
}
