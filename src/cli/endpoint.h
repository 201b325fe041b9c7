/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Hosts, ports and paths, checked before anything is opened.
 */
#ifndef SOCKCAT_CLI_ENDPOINT_H
#define SOCKCAT_CLI_ENDPOINT_H

#include <stdbool.h>

struct target;
struct options;

/* All return 0, or -1 after they reported what is wrong. */

/*
 * A port is a number from least (0 or 1), or without -n a service; with
 * --vsock a number.  NULL is fine.
 */
int endpoint_check_port(const struct options *, const char *port, int least);

/*
 * A host is an address or, without -n, a name; with --vsock a number.  NULL
 * is fine.
 */
int endpoint_check_host(const struct options *, const char *host);

/*
 * Checks that a path or an abstract name fits in an address; what names the
 * argument.
 */
int endpoint_check_path(const char *what, const char *path);

/* The same for the path that a client of unix-domain datagrams makes. */
int endpoint_check_private_path(const struct target *);

/* Whether it could be a port: a number of any size, or a service. */
bool endpoint_is_port(const char *text);
bool endpoint_is_number(const char *text);

/*
 * Whether it is a TARGET, which has host and port, or a path, in one: it has
 * a scheme (cli/scheme.h), or exactly one colon, or "]:".
 */
bool endpoint_is_target(const char *text);

/* Whether it could only be a path. */
bool endpoint_is_path(const char *text);

#endif
