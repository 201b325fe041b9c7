/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A library to be preloaded (ld.so(8)) that counts the system calls of a
 * program and makes some of them fail.  tests/faults drives it.
 *
 * FAULT_REPORT names a file of at least sizeof(struct report) that gets the
 * counts.  FAULT is CALL:ERRNO:FIRST:COUNT, where FIRST counts from 1 and a
 * COUNT of 0 is for good.  Neither is passed on to commands, and only calls
 * after the program's start count, not those within the C library, which does
 * not survive each shortage of its own.
 *
 * As on Linux, a close(2) that fails has closed, an interrupted connect(2)
 * goes on, and a connection that was reset is gone for both of its ends.
 * Lines on standard error never fail.
 */
#define _GNU_SOURCE
#undef _FORTIFY_SOURCE
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* tests/faults reads the names from here, in this order. */
/* clang-format off */
#define CALLS(X) \
	X(accept4) X(bind) X(calloc) X(close) X(connect) X(dup2) X(execvpe) \
	X(fcntl) X(flock) X(fopen) X(fstat) X(getpeername) X(getsockname) \
	X(getsockopt) X(ioctl) X(kill) X(listen) X(lstat) X(malloc) X(open) \
	X(pipe2) X(poll) X(posix_memalign) X(posix_openpt) X(pthread_create) \
	X(ptsname_r) X(read) X(realloc) X(recv) X(recvfrom) X(recvmmsg) \
	X(recvmsg) X(send) X(sendfile) X(sendmmsg) X(sendmsg) X(sendto) \
	X(setsockopt) X(shutdown) X(socket) X(splice) X(unlink) X(unlockpt) \
	X(vfork) X(waitpid) X(write)
/* clang-format on */

#define NUMBER(name) CALL_##name,
#define NAME(name)   #name,

enum call { CALLS(NUMBER) CALL_COUNT };

static const char *const names[] = { CALLS(NAME) };

struct report {
	_Atomic uint32_t hits;
	_Atomic uint32_t counts[CALL_COUNT];
};

static uintptr_t program_start, program_end;
static struct report *report; /* NULL: nothing fails yet */
static enum call failing = CALL_COUNT;
static int failure;
static uint32_t first, most;

/* Looked up when the first of them is called, or before there are threads. */
#define REAL(name)                     \
	static __typeof__(&name) real; \
	if (real == NULL)              \
	real = (__typeof__(real))dlsym(RTLD_NEXT, #name)

static bool
fails(enum call call)
{
	uint32_t number;

	if (report == NULL)
		return false;
	number = atomic_fetch_add(&report->counts[call], 1) + 1;
	if (call != failing || number < first)
		return false;
	if (most != 0 && number >= first + most)
		return false;
	atomic_fetch_add(&report->hits, 1);
	errno = failure;
	return true;
}

/* connect(2): an address of no family resets a TCP connection. */
static void
sever(int fd)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	int domain = 0, type = 0;
	socklen_t length = sizeof(int);
	__typeof__(&getsockopt) ask =
	    (__typeof__(ask))dlsym(RTLD_NEXT, "getsockopt");
	__typeof__(&connect) disconnect =
	    (__typeof__(disconnect))dlsym(RTLD_NEXT, "connect");
	__typeof__(&shutdown) shut =
	    (__typeof__(shut))dlsym(RTLD_NEXT, "shutdown");

	if (ask(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) == -1 ||
	    ask(fd, SOL_SOCKET, SO_TYPE, &type, &length) == -1 ||
	    type == SOCK_DGRAM)
		return;
	if (domain == AF_UNIX)
		shut(fd, SHUT_RDWR);
	else
		disconnect(fd, &none, sizeof(none));
}

static bool
is_socket(int fd)
{
	struct stat st;
	__typeof__(&fstat) look = (__typeof__(look))dlsym(RTLD_NEXT, "fstat");

	return look(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

static bool
fails_on(enum call call, int fd)
{
	if (fd == STDERR_FILENO || !fails(call))
		return false;
	if (failure == EPIPE || failure == ECONNRESET)
		sever(fd);
	errno = failure;
	return true;
}

/* Of the program, which is the first in the list. */
static int
find_program(struct dl_phdr_info *info, size_t size, void *context)
{
	(void)size, (void)context;
	program_start = UINTPTR_MAX;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + p->p_vaddr;

		if (p->p_type != PT_LOAD)
			continue;
		if (start < program_start)
			program_start = start;
		if (start + p->p_memsz > program_end)
			program_end = start + p->p_memsz;
	}
	return 1;
}

static bool
fails_at(enum call call, void *caller)
{
	return (uintptr_t)caller >= program_start &&
	    (uintptr_t)caller < program_end && fails(call);
}

static void
set_fault(char *text)
{
	char *name = strsep(&text, ":");

	for (int i = 0; i < CALL_COUNT; i++)
		if (strcmp(names[i], name) == 0)
			failing = (enum call)i;
	failure = (int)strtol(text, &text, 10);
	first = (uint32_t)strtoul(text + 1, &text, 10);
	most = (uint32_t)strtoul(text + 1, &text, 10);
	if (failing == CALL_COUNT)
		abort();
}

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("FAULT_REPORT");
	char *fault = getenv("FAULT");
	void *memory;
	int fd;

	if (path == NULL)
		return;
	fd = (open)(path, O_RDWR | O_CLOEXEC);
	memory = mmap(
	    NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd == -1 || memory == MAP_FAILED)
		abort();
	(close)(fd);
	if (fault != NULL)
		set_fault(fault);
	unsetenv("FAULT");
	unsetenv("FAULT_REPORT");
	unsetenv("LD_PRELOAD");
	dl_iterate_phdr(find_program, NULL);
	report = memory;
}

#define WRAP(result, name, failed, parameters, ...) \
	result name parameters                      \
	{                                           \
		REAL(name);                         \
		if (fails(CALL_##name))             \
			return failed;              \
		return real(__VA_ARGS__);           \
	}

/* On a descriptor that is called s. */
#define WRAP_ON(result, name, parameters, ...) \
	result name parameters                 \
	{                                      \
		REAL(name);                    \
		if (fails_on(CALL_##name, s))  \
			return -1;             \
		return real(__VA_ARGS__);      \
	}

/* The same call under another name: what <fcntl.h> and hardening make. */
#define ALIAS(result, alias, name, parameters, ...) \
	result alias parameters;                    \
	result alias parameters                     \
	{                                           \
		return name(__VA_ARGS__);           \
	}

WRAP(int, accept4, -1, (int s, struct sockaddr *a, socklen_t *l, int f), s, a,
    l, f)
WRAP(int, bind, -1, (int s, const struct sockaddr *a, socklen_t l), s, a, l)
WRAP(int, dup2, -1, (int a, int b), a, b)
WRAP(int, execvpe, -1, (const char *f, char *const *a, char *const *e), f, a, e)
WRAP(int, flock, -1, (int fd, int operation), fd, operation)
WRAP(FILE *, fopen, NULL, (const char *path, const char *mode), path, mode)
WRAP(int, fstat, -1, (int fd, struct stat *st), fd, st)
WRAP(int, getpeername, -1, (int s, struct sockaddr *a, socklen_t *l), s, a, l)
WRAP(int, getsockname, -1, (int s, struct sockaddr *a, socklen_t *l), s, a, l)
WRAP(int, getsockopt, -1, (int s, int l, int o, void *v, socklen_t *n), s, l, o,
    v, n)
WRAP(int, kill, -1, (pid_t pid, int number), pid, number)
WRAP(int, listen, -1, (int s, int backlog), s, backlog)
WRAP(int, lstat, -1, (const char *path, struct stat *st), path, st)
WRAP(int, pipe2, -1, (int fds[2], int flags), fds, flags)
WRAP(int, posix_memalign, errno, (void **m, size_t a, size_t n), m, a, n)
WRAP(int, posix_openpt, -1, (int flags), flags)
WRAP(int, pthread_create, errno,
    (pthread_t * t, const pthread_attr_t *a, void *(*f)(void *), void *c), t, a,
    f, c)
WRAP(int, ptsname_r, errno, (int fd, char *name, size_t n), fd, name, n)
WRAP_ON(ssize_t, read, (int s, void *b, size_t n), s, b, n)
WRAP_ON(ssize_t, recv, (int s, void *b, size_t n, int f), s, b, n, f)
WRAP_ON(ssize_t, recvfrom,
    (int s, void *b, size_t n, int f, struct sockaddr *a, socklen_t *l), s, b,
    n, f, a, l)
WRAP(int, recvmmsg, -1,
    (int s, struct mmsghdr *m, unsigned n, int f, struct timespec *t), s, m, n,
    f, t)
WRAP_ON(ssize_t, recvmsg, (int s, struct msghdr *m, int f), s, m, f)
WRAP_ON(ssize_t, send, (int s, const void *b, size_t n, int f), s, b, n, f)
WRAP_ON(ssize_t, sendfile, (int s, int from, off_t *o, size_t n), s, from, o, n)
WRAP(int, sendmmsg, -1, (int s, struct mmsghdr *m, unsigned n, int f), s, m, n,
    f)
WRAP_ON(ssize_t, sendmsg, (int s, const struct msghdr *m, int f), s, m, f)
WRAP_ON(ssize_t, sendto,
    (int s, const void *b, size_t n, int f, const struct sockaddr *a,
	socklen_t l),
    s, b, n, f, a, l)
WRAP(int, setsockopt, -1, (int s, int l, int o, const void *v, socklen_t n), s,
    l, o, v, n)
WRAP(int, socket, -1, (int domain, int type, int protocol), domain, type,
    protocol)
WRAP(int, unlink, -1, (const char *path), path)
WRAP(int, unlockpt, -1, (int fd), fd)
WRAP(pid_t, waitpid, -1, (pid_t pid, int *status, int f), pid, status, f)
/* A tail call, compiled as a jump: the child returns into the caller. */
WRAP(pid_t, vfork, -1, (void))

ALIAS(ssize_t, __read_chk, read, (int fd, void *b, size_t n, size_t room), fd,
    b, n)
ALIAS(ssize_t, __recv_chk, recv, (int s, void *b, size_t n, size_t room, int f),
    s, b, n, f)

int
close(int fd)
{
	int result;
	REAL(close);

	result = real(fd);
	return fails(CALL_close) ? -1 : result;
}

int
connect(int s, const struct sockaddr *address, socklen_t length)
{
	REAL(connect);

	if (!fails(CALL_connect))
		return real(s, address, length);
	if (failure == EINTR && address->sa_family != AF_UNIX)
		real(s, address, length);
	errno = failure;
	return -1;
}

/* Whether a line can be said is asked first. */
int
poll(struct pollfd *fds, nfds_t count, int timeout)
{
	bool is_errors = count == 1 && fds[0].fd == STDERR_FILENO;
	REAL(poll);

	return !is_errors && fails(CALL_poll) ? -1 : real(fds, count, timeout);
}

ALIAS(int, __poll_chk, poll, (struct pollfd * f, nfds_t n, int t, size_t room),
    f, n, t)

/* A pipe of one's own does not break. */
ssize_t
splice(int from, off_t *offset, int to, off_t *offset_to, size_t length,
    unsigned flags)
{
	bool is_own = to > STDERR_FILENO && !is_socket(to);
	REAL(splice);

	if (!(is_own && failure == EPIPE) && fails_on(CALL_splice, to))
		return -1;
	return real(from, offset, to, offset_to, length, flags);
}

int
shutdown(int s, int how)
{
	REAL(shutdown);

	if (!fails(CALL_shutdown))
		return real(s, how);
	if (failure == ENOTCONN)
		sever(s);
	errno = failure;
	return -1;
}

ssize_t
write(int fd, const void *bytes, size_t length)
{
	REAL(write);

	return fails_on(CALL_write, fd) ? -1 : real(fd, bytes, length);
}

int
fcntl(int fd, int command, ...)
{
	va_list more;
	void *value;
	REAL(fcntl);

	va_start(more, command);
	value = va_arg(more, void *);
	va_end(more);
	return fails(CALL_fcntl) ? -1 : real(fd, command, value);
}

int
ioctl(int fd, unsigned long command, ...)
{
	static int (*real)(int, unsigned long, ...);
	va_list more;
	void *value;

	if (real == NULL)
		real = (__typeof__(real))dlsym(RTLD_NEXT, "ioctl");
	va_start(more, command);
	value = va_arg(more, void *);
	va_end(more);
	return fails(CALL_ioctl) ? -1 : real(fd, command, value);
}

int
open(const char *path, int flags, ...)
{
	va_list more;
	mode_t mode;
	REAL(open);

	va_start(more, flags);
	mode = va_arg(more, mode_t);
	va_end(more);
	return fails(CALL_open) ? -1 : real(path, flags, mode);
}

ALIAS(int, __open_2, open, (const char *path, int flags), path, flags, 0)

/* dlsym(3) itself allocates, so these have the C library's other names. */
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t),
    *__libc_realloc(void *, size_t);

#define CALLER __builtin_return_address(0)

void *
malloc(size_t size)
{
	return fails_at(CALL_malloc, CALLER) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails_at(CALL_calloc, CALLER) ? NULL
					     : __libc_calloc(count, size);
}

void *
realloc(void *memory, size_t size)
{
	return fails_at(CALL_realloc, CALLER) ? NULL
					      : __libc_realloc(memory, size);
}

void *
reallocarray(void *memory, size_t count, size_t size)
{
	REAL(reallocarray);

	return fails_at(CALL_realloc, CALLER) ? NULL
					      : real(memory, count, size);
}

char *
strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = fails_at(CALL_malloc, CALLER) ? NULL : __libc_malloc(size);

	return copy == NULL ? NULL : memcpy(copy, text, size);
}

/* What programs call that have large files: the same where all are large. */
#define LARGE(name) \
	extern __typeof__(name##64) name##64 __attribute__((alias(#name)));

#if __SIZEOF_LONG__ == 8
LARGE(fcntl) LARGE(fopen) LARGE(fstat) LARGE(lstat) LARGE(open) LARGE(sendfile)
#endif
