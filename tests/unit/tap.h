/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The few words of the Test Anything Protocol that unit tests need.
 */
#ifndef SOCKCAT_TESTS_UNIT_TAP_H
#define SOCKCAT_TESTS_UNIT_TAP_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int tap_count, tap_failures;

/* One test: its name is a sentence, and why it failed is on the next line. */
#define ok(condition, ...)                                                    \
	do {                                                                  \
		bool tap_ok = (condition);                                    \
		printf("%sok %d - ", tap_ok ? "" : "not ", ++tap_count);      \
		printf(__VA_ARGS__);                                          \
		printf("\n");                                                 \
		if (!tap_ok) {                                                \
			tap_failures++;                                       \
			printf(                                               \
			    "# %s:%d: %s\n", __FILE__, __LINE__, #condition); \
		}                                                             \
	} while (0)

/* Error lines are expected from now on: the reader of the results is spared. */
static inline void
tap_hush(void)
{
	int null = open("/dev/null", O_WRONLY);

	if (null == -1 || dup2(null, STDERR_FILENO) == -1)
		abort();
	close(null);
}

static inline int
tap_end(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures != 0;
}

#endif
