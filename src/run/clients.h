/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The clients of a server: who is served, waits, or is turned away.
 */
#ifndef SOCKCAT_RUN_CLIENTS_H
#define SOCKCAT_RUN_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>

struct server;
struct stream;

/* For the listener: a client, or NULL where it failed. */
void clients_came(void *server, struct stream *);

/* For the listener: whether one more can be accepted. */
bool clients_can_accept(void *server);

/* Turns away those that wait. */
void clients_turn_away(struct server *);

/* How many are served. */
size_t clients_count(const struct server *);

#endif
