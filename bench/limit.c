/* SPDX-License-Identifier: ISC */
/*
 * limit: a bare data mover, to find what the kernel allows for each technique
 * and buffer size.
 *
 * limit [options] HOST PORT          send stdin
 * limit [options] -l HOST PORT       accept one peer, write it to stdout
 * limit [options] -r PORT HOST PORT  accept one peer on PORT, copy both ways
 *   -U PATH    unix stream socket instead of HOST PORT
 *   -u         UDP
 *   -m METHOD  rw, splice, sendfile, zerocopy, vmsplice; nrw, nsplice (never
 *              blocking, with poll), psplice (blocking, poll first);
 *              UDP: rw, mmsg, gso to send, rw, mmsg, gro to receive
 *   -b BYTES   buffer, or splice length
 *   -P BYTES   F_SETPIPE_SZ of the pipes used
 *   -M         no SPLICE_F_MORE
 *   -S BYTES   SO_SNDBUF
 *   -R BYTES   SO_RCVBUF
 *   -n         TCP_NODELAY
 *   -e         both ways by one poll loop (latency)
 *   -f         both ways, a process each (throughput)
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

static const char *method = "rw", *unix_path;
static size_t bufsz = 65536;
static int pipesz, sndbuf, rcvbuf, nodelay, udp, duplex, forked;
static int more = SPLICE_F_MORE;
static char *buf;

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static int
is(const char *m)
{
	return strcmp(method, m) == 0;
}

static int
is_pipe(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

static void
tune(int fd)
{
	int one = 1;
	if (sndbuf)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &sndbuf, sizeof sndbuf);
	if (rcvbuf)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof rcvbuf);
	if (nodelay)
		setsockopt(fd, SOL_TCP, TCP_NODELAY, &one, sizeof one);
}

static int
open_socket(const char *host, const char *port, int server)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr *sa = (void *)&in;
	socklen_t len = sizeof in;
	int one = 1, fd;
	if (unix_path) {
		strncpy(un.sun_path, unix_path, sizeof un.sun_path - 1);
		sa = (void *)&un;
		len = sizeof un;
	} else {
		inet_pton(AF_INET, host, &in.sin_addr);
		in.sin_port = htons(atoi(port));
	}
	fd = socket(sa->sa_family, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	tune(fd);
	if (!server) {
		if (connect(fd, sa, len) < 0)
			die("connect");
		return fd;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, sa, len) < 0)
		die("bind");
	if (udp)
		return fd;
	if (listen(fd, 16) < 0)
		die("listen");
	int c = accept(fd, NULL, NULL);
	tune(c);
	return c;
}

static int
write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t k = write(fd, p, n);
		if (k <= 0)
			return -1;
		p += k;
		n -= k;
	}
	return 0;
}

static void
copy_rw(int in, int out)
{
	ssize_t k;
	if (pipesz && (is_pipe(in) || is_pipe(out)))
		fcntl(is_pipe(in) ? in : out, F_SETPIPE_SZ, pipesz);
	while ((k = read(in, buf, bufsz)) > 0)
		if (write_all(out, buf, k))
			die("write");
}

/* Direct where one end is a pipe, else through a pipe of our own. */
static void
copy_splice(int in, int out)
{
	ssize_t k;
	if (is_pipe(in) || is_pipe(out)) {
		if (pipesz)
			fcntl(is_pipe(in) ? in : out, F_SETPIPE_SZ, pipesz);
		while ((k = splice(in, NULL, out, NULL, bufsz,
			    SPLICE_F_MOVE | more)) > 0)
			;
		if (k < 0)
			die("splice");
		return;
	}
	int p[2];
	if (pipe(p))
		die("pipe");
	if (pipesz)
		fcntl(p[0], F_SETPIPE_SZ, pipesz);
	while (
	    (k = splice(in, NULL, p[1], NULL, bufsz, SPLICE_F_MOVE | more)) > 0)
		while (k > 0) {
			ssize_t w = splice(
			    p[0], NULL, out, NULL, k, SPLICE_F_MOVE | more);
			if (w <= 0)
				die("splice out");
			k -= w;
		}
	if (k < 0)
		die("splice in");
}

static void
copy_sendfile(int in, int out)
{
	ssize_t k;
	while ((k = sendfile(out, in, NULL, bufsz)) > 0)
		;
	if (k < 0)
		die("sendfile");
}

/* MSG_ZEROCOPY: a buffer of the ring is reused only after its completion. */
static void
reap_zc(int fd, unsigned *done, int block)
{
	char ctl[256];
	struct msghdr m = { .msg_control = ctl, .msg_controllen = sizeof ctl };
	while (recvmsg(fd, &m, MSG_ERRQUEUE) < 0) {
		if (errno != EAGAIN || !block)
			return;
		struct pollfd p = { .fd = fd };
		poll(&p, 1, -1);
	}
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		*done = ((struct sock_extended_err *)CMSG_DATA(c))->ee_data + 1;
}

static void
copy_zerocopy(int in, int out)
{
	enum { RING = 16 };
	char *ring = mmap(NULL, bufsz * RING, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	unsigned sent = 0, done = 0, last[RING] = { 0 };
	int one = 1;
	if (pipesz && is_pipe(in))
		fcntl(in, F_SETPIPE_SZ, pipesz);
	if (setsockopt(out, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof one))
		die("SO_ZEROCOPY");
	for (unsigned i = 0;; i = (i + 1) % RING) {
		while ((int)(done - last[i]) < 0)
			reap_zc(out, &done, 1);
		ssize_t k = read(in, ring + i * bufsz, bufsz);
		if (k <= 0)
			break;
		for (ssize_t off = 0; off < k;) {
			ssize_t w = send(
			    out, ring + i * bufsz + off, k - off, MSG_ZEROCOPY);
			if (w < 0 && errno == ENOBUFS) {
				reap_zc(out, &done, 1);
				continue;
			}
			if (w < 0)
				die("send");
			off += w;
			sent++;
		}
		last[i] = sent;
		reap_zc(out, &done, 0);
	}
}

/* Not safe in general: the buffer is reused while the pipe still refers to it.
 */
static void
copy_vmsplice(int in, int out)
{
	ssize_t k;
	while ((k = read(in, buf, bufsz)) > 0) {
		struct iovec v = { buf, k };
		while (v.iov_len) {
			ssize_t w = vmsplice(out, &v, 1, 0);
			if (w < 0)
				die("vmsplice");
			v.iov_base = (char *)v.iov_base + w;
			v.iov_len -= w;
		}
	}
}

/* What an event loop does: never block, poll only after EAGAIN. */
static void
wait_for(int in, int out)
{
	struct pollfd i = { .fd = in, .events = POLLIN },
		      o = { .fd = out, .events = POLLOUT };
	poll(&i, 1, -1);
	poll(&o, 1, -1);
}

static void
copy_nonblock(int in, int out, int with_splice)
{
	size_t have = 0, off = 0;
	fcntl(in, F_SETFL, fcntl(in, F_GETFL) | O_NONBLOCK);
	fcntl(out, F_SETFL, fcntl(out, F_GETFL) | O_NONBLOCK);
	if (pipesz && (is_pipe(in) || is_pipe(out)))
		fcntl(is_pipe(in) ? in : out, F_SETPIPE_SZ, pipesz);
	for (;;) {
		ssize_t k;
		if (with_splice)
			k = splice(in, NULL, out, NULL, bufsz,
			    SPLICE_F_NONBLOCK | more);
		else if (have)
			k = write(out, buf + off, have);
		else
			k = read(in, buf, bufsz);
		if (k == 0)
			return;
		if (k < 0 && errno != EAGAIN)
			die("copy");
		if (k < 0 && have) {
			struct pollfd o = { .fd = out, .events = POLLOUT };
			poll(&o, 1, -1);
		} else if (k < 0)
			wait_for(in, out);
		else if (!with_splice && have)
			have -= k, off += k;
		else if (!with_splice)
			have = k, off = 0;
	}
}

/*
 * An event loop on blocking descriptors: poll both ends first, then a splice
 * that finds data and room.  The kernel then takes all that has come, where
 * with O_NONBLOCK it stops after the first run.
 */
static void
copy_polled(int in, int out)
{
	if (pipesz)
		fcntl(is_pipe(in) ? in : out, F_SETPIPE_SZ, pipesz);
	for (;;) {
		wait_for(in, out);
		ssize_t k = splice(in, NULL, out, NULL, bufsz, more);
		if (k < 0)
			die("splice");
		if (k == 0)
			return;
	}
}

static void
copy(int in, int out)
{
	if (is("psplice")) {
		copy_polled(in, out);
		return;
	}
	if (is("nsplice") || is("nrw")) {
		copy_nonblock(in, out, is("nsplice"));
		return;
	}
	if (is("splice"))
		copy_splice(in, out);
	else if (is("sendfile"))
		copy_sendfile(in, out);
	else if (is("zerocopy"))
		copy_zerocopy(in, out);
	else if (is("vmsplice"))
		copy_vmsplice(in, out);
	else
		copy_rw(in, out);
}

/* A poll loop in both directions: one read, one write, as a netcat does. */
static void
copy_duplex(int a_in, int a_out, int s)
{
	struct pollfd p[2] = { { .fd = a_in, .events = POLLIN },
		{ .fd = s, .events = POLLIN } };
	if (pipesz && is_pipe(a_in))
		fcntl(a_in, F_SETPIPE_SZ, pipesz);
	if (pipesz && is_pipe(a_out))
		fcntl(a_out, F_SETPIPE_SZ, pipesz);
	while (p[0].fd >= 0 || p[1].fd >= 0) {
		poll(p, 2, -1);
		if (p[0].fd >= 0 && p[0].revents) {
			ssize_t k = read(a_in, buf, bufsz);
			if (k <= 0) {
				shutdown(s, SHUT_WR);
				p[0].fd = -1;
			} else
				write_all(s, buf, k);
		}
		if (p[1].fd >= 0 && p[1].revents) {
			ssize_t k = read(s, buf, bufsz);
			if (k <= 0) {
				close(a_out);
				p[1].fd = -1;
			} else
				write_all(a_out, buf, k);
		}
	}
}

enum { BATCH = 64 };

/* Gathers what the packet pipe has ready, and sends it as one batch. */
static void
udp_send(int in, int out)
{
	size_t slot = bufsz, n = 0;
	struct mmsghdr m[BATCH];
	struct iovec v[BATCH];
	char *b = malloc(slot * BATCH);
	if (is("rw")) {
		copy_rw(in, out);
		return;
	}
	for (int i = 0; i < BATCH; i++) {
		v[i].iov_base = b + i * slot;
		m[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &v[i],
					     .msg_iovlen = 1 } };
	}
	fcntl(in, F_SETFL, fcntl(in, F_GETFL) | O_NONBLOCK);
	for (int eof = 0; !eof;) {
		struct pollfd p = { .fd = in, .events = POLLIN };
		int max = is("gso") ? 44 : BATCH;
		for (n = 0; n < (size_t)max;) {
			ssize_t k = read(in, v[n].iov_base, slot);
			if (k > 0)
				v[n++].iov_len = k;
			else if (k == 0) {
				eof = 1;
				break;
			} else
				break;
		}
		if (n == 0) {
			poll(&p, 1, -1);
			continue;
		}
		if (is("gso")) { /* all chunks have one size */
			char ctl[CMSG_SPACE(2)] = { 0 };
			struct msghdr h = { .msg_iov = v,
				.msg_iovlen = n,
				.msg_control = ctl,
				.msg_controllen = sizeof ctl };
			struct cmsghdr *c = CMSG_FIRSTHDR(&h);
			c->cmsg_level = SOL_UDP;
			c->cmsg_type = UDP_SEGMENT;
			c->cmsg_len = CMSG_LEN(2);
			*(unsigned short *)CMSG_DATA(c) = v[0].iov_len;
			if (sendmsg(out, &h, 0) < 0)
				die("sendmsg gso");
		} else if (sendmmsg(out, m, n, 0) < 0)
			die("sendmmsg");
	}
}

static void
udp_recv(int in, int out)
{
	if (is("rw")) {
		copy_rw(in, out);
		return;
	}
	if (is("gro")) {
		int one = 1;
		setsockopt(in, SOL_UDP, UDP_GRO, &one, sizeof one);
		/* Up to 64 KiB of joined datagrams; boundaries are lost. */
		copy_rw(in, out);
		return;
	}
	struct mmsghdr m[BATCH];
	struct iovec v[BATCH];
	size_t slot = bufsz;
	char *b = malloc(slot * BATCH);
	for (int i = 0; i < BATCH; i++)
		m[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &v[i],
					     .msg_iovlen = 1 } };
	for (;;) {
		for (int i = 0; i < BATCH; i++)
			v[i] = (struct iovec){ b + i * slot, slot };
		int k = recvmmsg(in, m, BATCH, MSG_WAITFORONE, NULL);
		if (k <= 0)
			return;
		for (int i = 0; i < k; i++)
			v[i].iov_len = m[i].msg_len;
		if (writev(out, v, k) < 0)
			die("writev");
	}
}

/* One direction per process; the end of each is passed on. */
static void
both_ways(int in, int out, int s)
{
	pid_t pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		copy(s, out);
		shutdown(out, SHUT_WR);
		_exit(0);
	}
	if (in != out)
		close(out);
	copy(in, s);
	shutdown(s, SHUT_WR);
	wait(NULL);
}

int
main(int argc, char **argv)
{
	int server = 0, o;
	const char *relay = NULL;
	while ((o = getopt(argc, argv, "lr:U:um:b:P:S:R:nefM")) != -1)
		switch (o) {
		case 'l':
			server = 1;
			break;
		case 'r':
			relay = optarg;
			break;
		case 'U':
			unix_path = optarg;
			break;
		case 'u':
			udp = 1;
			break;
		case 'm':
			method = optarg;
			break;
		case 'b':
			bufsz = atol(optarg);
			break;
		case 'P':
			pipesz = atoi(optarg);
			break;
		case 'S':
			sndbuf = atoi(optarg);
			break;
		case 'R':
			rcvbuf = atoi(optarg);
			break;
		case 'n':
			nodelay = 1;
			break;
		case 'e':
			duplex = 1;
			break;
		case 'f':
			forked = 1;
			break;
		case 'M':
			more = 0;
			break;
		default:
			return 2;
		}
	const char *host = optind < argc ? argv[optind] : NULL;
	const char *port = host ? argv[optind + 1] : NULL;
	signal(SIGPIPE, SIG_IGN);
	if (posix_memalign((void **)&buf, 4096, bufsz))
		die("memalign");
	if (relay) {
		int a = open_socket("127.0.0.1", relay, 1);
		int b = open_socket(host, port, 0);
		both_ways(a, a, b);
		return 0;
	}
	int s = open_socket(host, port, server);
	if (forked)
		both_ways(0, 1, s);
	else if (duplex)
		copy_duplex(0, 1, s);
	else if (udp)
		server ? udp_recv(s, 1) : udp_send(0, s);
	else if (server)
		copy(s, 1);
	else {
		copy(0, s);
		shutdown(s, SHUT_WR);
		fcntl(s, F_SETFL, fcntl(s, F_GETFL) & ~O_NONBLOCK);
		while (read(s, buf, bufsz) > 0)
			;
	}
	return 0;
}
