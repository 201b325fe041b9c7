/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#ifndef BENCH_HELPERS_CLOCK_H
#define BENCH_HELPERS_CLOCK_H

#include <time.h>

/* Seconds of a clock that nobody sets. */
static inline double
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

#endif
