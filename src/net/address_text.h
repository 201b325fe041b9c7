/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Socket addresses as text: for lines, events and the environment.
 */
#ifndef SOCKCAT_NET_ADDRESS_TEXT_H
#define SOCKCAT_NET_ADDRESS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "net/address.h"
#include "observe/fields.h"

/* Long enough for any address in words, with its end. */
#define ADDRESS_TEXT EVENT_ADDRESS_MAX

/* Long enough for the path of a unix socket, with its end. */
#define ADDRESS_PATH 112

/*
 * The path of a unix socket, byte by byte.  Returns false if it is bound to
 * none, or to an abstract name.
 */
bool address_path(const struct address *, char path[ADDRESS_PATH]);

/*
 * The path, or the abstract name with an '@' for each of its NULs, byte by
 * byte: not for a line.  Returns false if there is neither.
 */
bool address_name(const struct address *, char name[ADDRESS_PATH]);

/*
 * The numeric host, the path, or the abstract name with its '@'.  What is
 * not printable in a name is escaped: it is for people, and no path.
 */
void address_host(const struct address *, char *text, size_t size);

/* What an event says of it. */
struct event_end address_end(const struct address *);

/* "127.0.0.1 port 9000", or as address_host() where there is no port. */
void address_format(const struct address *, char *text, size_t size);

/* "127.0.0.1 9000", as nc(1) has it. */
void address_format_nc(const struct address *, char *text, size_t size);

/* strerror(3), or what errno says of an address in particular. */
const char *address_error(const struct address *, int error);

#endif
