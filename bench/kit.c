/* SPDX-License-Identifier: ISC */
/*
 * kit: the small helpers of the benchmark, one sub-command each.
 *
 * gen BYTES CHUNK              BYTES zero bytes to stdout, CHUNK at a time
 * gen-packets SECONDS SIZE     SIZE-byte chunks to stdout for SECONDS; prints
 *                              "chunks" on stderr
 * drain                        read stdin to its end; prints "bytes seconds"
 * drain-idle                   same, but 300 ms without input end it, too
 * echo PORT                    TCP echo server on 127.0.0.1, one process, epoll
 * discard PORT                 TCP sink: reads all of one client after another
 * send PORT BYTES              send BYTES, half-close, wait for the peer's end
 * pingpong PORT SIZE SECONDS   prints round trips/s over TCP
 * pingpong-cmd SIZE SECONDS -- ARGV    ... through ARGV's stdin and stdout
 * conns PORT SECONDS           connect, echo 64 bytes, close, one after
 *                              another; prints connections/s
 * hold PORT N                  N connections at once; see hold()
 * spawn COUNT -- ARGV          prints the mean seconds that ARGV takes
 * usage FILE -- ARGV           run ARGV; "CPU-seconds peak-RSS-KB" to FILE
 * accept-close PORT            accept and close at once, for ever
 * udp-send PORT SIZE SECONDS RATE    datagrams to 127.0.0.1 (RATE 0: as fast as
 *                              possible); prints "datagrams seconds"
 * udp-sink PORT                prints "datagrams bytes seconds" 300 ms after
 * the last datagram
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static char buf[1 << 20];

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static double
now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

static struct sockaddr_in
loopback(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

static int
listen_on(int port, int type)
{
	struct sockaddr_in a = loopback(port);
	int one = 1, fd = socket(AF_INET, type, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (void *)&a, sizeof a) < 0)
		die("bind");
	if (type == SOCK_STREAM && listen(fd, 4096) < 0)
		die("listen");
	return fd;
}

/* An address of 127/8 for each process: TIME_WAIT never exhausts the ports. */
static int
connect_to(int port, int type)
{
	struct sockaddr_in from = { .sin_family = AF_INET },
			   to = loopback(port);
	int one = 1, fd = socket(AF_INET, type, 0);
	from.sin_addr.s_addr = htonl(0x7f010000u | (getpid() & 0xffff));
	setsockopt(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
	if (bind(fd, (void *)&from, sizeof from) < 0)
		die("bind");
	if (connect(fd, (void *)&to, sizeof to) < 0)
		die("connect");
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
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

static int
read_all(int fd, char *p, size_t n)
{
	while (n) {
		ssize_t k = read(fd, p, n);
		if (k <= 0)
			return -1;
		p += k;
		n -= k;
	}
	return 0;
}

static int
gen(long long bytes, size_t chunk)
{
	while (bytes > 0) {
		size_t n = bytes < (long long)chunk ? (size_t)bytes : chunk;
		if (write_all(1, buf, n))
			die("write");
		bytes -= n;
	}
	return 0;
}

static int
gen_packets(double seconds, size_t size)
{
	long long chunks = 0;
	for (double end = now() + seconds; chunks % 64 || now() < end; chunks++)
		if (write(1, buf, size) != (ssize_t)size)
			die("write");
	fprintf(stderr, "%lld\n", chunks);
	return 0;
}

static int
drain(int idle_ms)
{
	struct pollfd p = { .fd = 0, .events = POLLIN };
	long long bytes = 0;
	double first = 0, last = 0;
	for (;;) {
		if (idle_ms && bytes && poll(&p, 1, idle_ms) == 0)
			break;
		ssize_t k = read(0, buf, sizeof buf);
		if (k <= 0)
			break;
		last = now();
		if (!bytes)
			first = last;
		bytes += k;
	}
	printf("%lld %.6f\n", bytes, last - first);
	return 0;
}

static _Noreturn void
echo(int port)
{
	int lfd = listen_on(port, SOCK_STREAM), ep = epoll_create1(0), one = 1;
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = lfd }, got[64];
	epoll_ctl(ep, EPOLL_CTL_ADD, lfd, &ev);
	for (;;) {
		int n = epoll_wait(ep, got, 64, -1);
		for (int i = 0; i < n; i++) {
			int fd = got[i].data.fd;
			if (fd == lfd) {
				ev.data.fd = accept(lfd, NULL, NULL);
				setsockopt(ev.data.fd, SOL_TCP, TCP_NODELAY,
				    &one, sizeof one);
				epoll_ctl(ep, EPOLL_CTL_ADD, ev.data.fd, &ev);
				continue;
			}
			ssize_t k = read(fd, buf, sizeof buf);
			if (k <= 0 || write_all(fd, buf, k))
				close(fd);
		}
	}
}

static _Noreturn void
discard(int port)
{
	int lfd = listen_on(port, SOCK_STREAM);
	for (;;) {
		int fd = accept(lfd, NULL, NULL);
		while (read(fd, buf, 256 << 10) > 0)
			;
		close(fd);
	}
}

static int
send_bytes(int port, long long bytes)
{
	int fd = connect_to(port, SOCK_STREAM);
	while (bytes > 0) {
		size_t n = bytes < 256 << 10 ? (size_t)bytes : 256 << 10;
		if (write_all(fd, buf, n))
			die("write");
		bytes -= n;
	}
	shutdown(fd, SHUT_WR);
	while (read(fd, buf, sizeof buf) > 0)
		;
	return 0;
}

static int
pingpong(int wfd, int rfd, size_t size, double seconds)
{
	long n = 0;
	for (int i = 0; i < 200; i++) /* warm up */
		if (write_all(wfd, buf, size) || read_all(rfd, buf, size))
			die("warm-up round trip");
	double start = now(), t = start;
	for (; n % 64 || (t = now()) < start + seconds; n++)
		if (write_all(wfd, buf, size) || read_all(rfd, buf, size))
			die("round trip");
	printf("%.1f\n", n / (t - start));
	return 0;
}

static int
pingpong_cmd(size_t size, double seconds, char **argv)
{
	int to[2], from[2];
	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
		die("pipe");
	pid_t pid = fork();
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		dup2(to[0], 0);
		dup2(from[1], 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	int rc = pingpong(to[1], from[0], size, seconds);
	fflush(stdout);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	return rc;
}

static int
conns(int port, double seconds)
{
	long n = 0;
	double start = now(), t;
	while ((t = now()) < start + seconds) {
		int fd = connect_to(port, SOCK_STREAM);
		if (write_all(fd, buf, 64) || read_all(fd, buf, 64))
			die("echo");
		close(fd);
		n++;
	}
	printf("%.1f\n", n / (t - start));
	return 0;
}

/*
 * Opens n connections and has each echoed once; prints "ready SECONDS"; waits
 * for a line on stdin, while others look at the server's memory; then sends 64
 * bytes on each, waits for every echo, and prints the seconds.
 */
static int
hold(int port, int n)
{
	int *fds = calloc(n, sizeof *fds);
	double start = now();
	for (int i = 0; i < n; i++)
		fds[i] = connect_to(port, SOCK_STREAM);
	for (int i = 0; i < n; i++)
		if (write_all(fds[i], buf, 64))
			die("write");
	for (int i = 0; i < n; i++)
		if (read_all(fds[i], buf, 64))
			die("read");
	printf("ready %.6f\n", now() - start);
	fflush(stdout);
	if (read(0, buf, 1) != 1)
		return 1;
	start = now();
	for (int i = 0; i < n; i++)
		if (write_all(fds[i], buf, 64))
			die("write");
	for (int i = 0; i < n; i++)
		if (read_all(fds[i], buf, 64))
			die("read");
	printf("%.6f\n", now() - start);
	return 0;
}

static int
spawn(int count, char **argv)
{
	posix_spawn_file_actions_t fa;
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 2, "/dev/null", O_WRONLY, 0);
	signal(SIGPIPE, SIG_DFL);
	double start = now();
	for (int i = 0; i < count; i++) {
		pid_t pid;
		if (posix_spawnp(&pid, argv[0], &fa, NULL, argv, environ))
			die("spawn");
		waitpid(pid, NULL, 0);
	}
	printf("%.9f\n", (now() - start) / count);
	return 0;
}

/*
 * The peak of resident memory survives exec(2), so that of whoever forked would
 * be counted; this process is small enough not to matter.
 */
static int
usage(const char *file, char **argv)
{
	struct rusage r;
	int status;
	pid_t pid;
	signal(SIGPIPE, SIG_DFL);
	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ))
		die("spawn");
	if (wait4(pid, &status, 0, &r) != pid)
		die("wait4");
	FILE *f = fopen(file, "w");
	if (!f)
		die(file);
	fprintf(f, "%.6f %ld\n",
	    r.ru_utime.tv_sec + r.ru_stime.tv_sec +
		(r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e-6,
	    r.ru_maxrss);
	fclose(f);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static _Noreturn void
accept_close(int port)
{
	int lfd = listen_on(port, SOCK_STREAM);
	for (;;)
		close(accept(lfd, NULL, NULL));
}

static int
udp_send(int port, size_t size, double seconds, double rate)
{
	int fd = connect_to(port, SOCK_DGRAM);
	long long n = 0;
	double start = now(), t;
	while ((t = now()) < start + seconds) {
		if (rate > 0 && n > rate * (t - start))
			continue; /* ahead of the rate: spin */
		for (int i = 0; i < 8; i++, n++)
			send(fd, buf, size, 0);
	}
	printf("%lld %.6f\n", n, t - start);
	return 0;
}

static int
udp_sink(int port)
{
	enum { BATCH = 64 };
	static char data[BATCH][65536];
	struct mmsghdr m[BATCH];
	struct iovec iov[BATCH];
	int fd = listen_on(port, SOCK_DGRAM), size = 4 << 20;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	long long n = 0, bytes = 0;
	double first = 0, last = 0;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
	for (int i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec){ data[i], sizeof data[i] };
		m[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &iov[i],
					     .msg_iovlen = 1 } };
	}
	while (poll(&p, 1, n ? 300 : 10000) == 1) {
		int k = recvmmsg(fd, m, BATCH, MSG_DONTWAIT, NULL);
		if (k <= 0)
			break;
		last = now();
		if (!n)
			first = last;
		for (int i = 0; i < k; i++)
			bytes += m[i].msg_len;
		n += k;
	}
	printf("%lld %lld %.6f\n", n, bytes, last - first);
	return 0;
}

int
main(int argc, char **argv)
{
	const char *cmd = argc > 1 ? argv[1] : "";
	double a = argc > 2 ? atof(argv[2]) : 0,
	       b = argc > 3 ? atof(argv[3]) : 0,
	       c = argc > 4 ? atof(argv[4]) : 0,
	       d = argc > 5 ? atof(argv[5]) : 0;
	signal(SIGPIPE, SIG_IGN);
#define IS(name) (strcmp(cmd, name) == 0)
	if (IS("gen"))
		return gen(a, b);
	if (IS("gen-packets"))
		return gen_packets(a, b);
	if (IS("drain"))
		return drain(0);
	if (IS("drain-idle"))
		return drain(300);
	if (IS("echo"))
		echo(a);
	if (IS("discard"))
		discard(a);
	if (IS("send"))
		return send_bytes(a, b);
	if (IS("pingpong")) {
		int fd = connect_to(a, SOCK_STREAM);
		return pingpong(fd, fd, b, c);
	}
	if (IS("pingpong-cmd") && argc > 5)
		return pingpong_cmd(a, b, argv + 5);
	if (IS("conns"))
		return conns(a, b);
	if (IS("hold"))
		return hold(a, b);
	if (IS("spawn") && argc > 4)
		return spawn(a, argv + 4);
	if (IS("usage") && argc > 4)
		return usage(argv[2], argv + 4);
	if (IS("accept-close"))
		accept_close(a);
	if (IS("udp-send"))
		return udp_send(a, b, c, d);
	if (IS("udp-sink"))
		return udp_sink(a);
	fprintf(stderr, "kit: unknown command '%s'\n", cmd);
	return 2;
}
