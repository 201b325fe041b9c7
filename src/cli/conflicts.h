/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Which options go together.
 */
#ifndef SOCKCAT_CLI_CONFLICTS_H
#define SOCKCAT_CLI_CONFLICTS_H

struct options;
struct transport;

/*
 * Returns 0, or -1 after it reported two options that exclude each other,
 * or one without what it needs.
 */
int conflicts_check(const struct options *);

/* The same for what depends on the transport that the options choose. */
int conflicts_check_transport(const struct options *, const struct transport *);

#endif
