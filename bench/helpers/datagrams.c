/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include <sys/socket.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "helpers/clock.h"
#include "helpers/commands.h"
#include "helpers/loopback.h"

#define BATCH    64
#define MAX_SIZE 65536
#define FIRST_MS 10000 /* how long the first datagram may take */
#define IDLE_MS  300

int
send_datagrams(char **words)
{
	static char data[MAX_SIZE];
	int fd = loopback_connect(atoi(words[0]), SOCK_DGRAM);
	size_t size = atoi(words[1]);
	double start = clock_now(), end = start + atof(words[2]), now;
	double rate = atof(words[3]);
	long long n = 0;

	while ((now = clock_now()) < end) {
		if (rate > 0 && n > rate * (now - start))
			continue; /* ahead of the rate: spin */
		for (int i = 0; i < 8; i++, n++)
			send(fd, data, size, 0);
	}
	printf("%lld %.6f\n", n, now - start);
	return 0;
}

/* Adds up the datagrams that stand ready.  Returns how many, 0 after an error.
 */
static int
receive_batch(int fd, struct mmsghdr *messages, long long *bytes)
{
	int n = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT, NULL);

	for (int i = 0; i < n; i++)
		*bytes += messages[i].msg_len;
	return n > 0 ? n : 0;
}

int
count_datagrams(char **words)
{
	static char data[BATCH][MAX_SIZE];
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	int fd = loopback_listen(atoi(words[0]), SOCK_DGRAM), size = 4 << 20;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	long long count = 0, bytes = 0;
	double first = 0, last = 0;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	for (int i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){ data[i], sizeof(data[i]) };
		messages[i] = (struct mmsghdr){
			.msg_hdr = { .msg_iov = &parts[i], .msg_iovlen = 1 }
		};
	}
	while (poll(&p, 1, count > 0 ? IDLE_MS : FIRST_MS) == 1) {
		int n = receive_batch(fd, messages, &bytes);

		if (n == 0)
			break;
		last = clock_now();
		if (count == 0)
			first = last;
		count += n;
	}
	printf("%lld %lld %.6f\n", count, bytes, last - first);
	return 0;
}
