/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Why there is no way to a target, or none by one of its addresses.
 */
#ifndef SOCKCAT_DIAL_FAILURE_H
#define SOCKCAT_DIAL_FAILURE_H

#include <sys/queue.h>

#include <stddef.h>

struct address;
struct target;

/* The stages of the path to a stream, in their order. */
enum dial_stage {
	DIAL_SOURCE,  /* looks up where to connect from */
	DIAL_RESOLVE, /* looks up where to connect to */
	DIAL_CONNECT,
};

struct dial_failure {
	STAILQ_ENTRY(dial_failure) others;
	enum dial_stage stage;
	const struct address *address; /* that was tried; NULL: none was */
	const char *what;   /* a call, option or path that failed, or NULL */
	int error;          /* errno, or 0 if there is none */
	const char *reason; /* in words */
};

/* In the order of the addresses. */
STAILQ_HEAD(dial_failures, dial_failure);

/* "source", "resolve", "connect". */
const char *dial_stage_name(enum dial_stage);

/*
 * What a line says before ": " and the reason: "connect to localhost
 * (127.0.0.1) port 1 (tcp) failed", and the call that failed behind it.
 */
void dial_failure_format(const struct dial_failure *, const struct target *,
    char *text, size_t size);

#endif
