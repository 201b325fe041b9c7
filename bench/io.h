/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Reading and writing all of it on blocking descriptors, for both programs.
 */
#ifndef BENCH_IO_H
#define BENCH_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

/* Writes all length bytes.  False after an error, which errno has. */
static inline bool
io_write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n <= 0)
			return false;
		bytes += n;
		length -= n;
	}
	return true;
}

/* Reads exactly length bytes.  False at the end of file, and after an error. */
static inline bool
io_read_all(int fd, char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = read(fd, bytes, length);

		if (n <= 0)
			return false;
		bytes += n;
		length -= n;
	}
	return true;
}

#endif
