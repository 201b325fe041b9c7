/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "helpers/clock.h"
#include "helpers/commands.h"
#include "io.h"

#define IDLE_MS 300

static char block[1 << 20];

int
generate(char **words)
{
	long long left = atoll(words[0]);
	size_t chunk = atoi(words[1]);

	while (left > 0) {
		size_t n = left < (long long)chunk ? (size_t)left : chunk;

		if (!io_write_all(STDOUT_FILENO, block, n))
			err(1, "write");
		left -= n;
	}
	return 0;
}

/* The clock is looked at after each 64 chunks. */
int
generate_packets(char **words)
{
	double end = clock_now() + atof(words[0]);
	size_t size = atoi(words[1]);
	long long chunks = 0;

	for (; chunks % 64 != 0 || clock_now() < end; chunks++)
		if (write(STDOUT_FILENO, block, size) != (ssize_t)size)
			err(1, "write");
	fprintf(stderr, "%lld\n", chunks);
	return 0;
}

static int
drain_input(int idle_ms)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	double first = 0, last = 0;
	long long bytes = 0;

	while (bytes == 0 || idle_ms == 0 || poll(&p, 1, idle_ms) != 0) {
		ssize_t n = read(STDIN_FILENO, block, sizeof(block));

		if (n <= 0)
			break;
		last = clock_now();
		if (bytes == 0)
			first = last;
		bytes += n;
	}
	printf("%lld %.6f\n", bytes, last - first);
	return 0;
}

int
drain(char **words)
{
	(void)words;
	return drain_input(0);
}

int
drain_until_idle(char **words)
{
	(void)words;
	return drain_input(IDLE_MS);
}
