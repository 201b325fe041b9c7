/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Every order of what can happen to a relay.
 */
#ifndef SOCKCAT_TESTS_UNIT_WALK_ORDERS_H
#define SOCKCAT_TESTS_UNIT_WALK_ORDERS_H

#include "world.h"

/* What may happen, each once, and at most so much of it in one order. */
struct orders {
	const int *events;
	int count, length;
};

/*
 * Tries each order, those that are shorter too, until the session has ended.
 * Tells the first that comes to something wrong; returns whether none does.
 */
bool orders_try(const struct orders *, const struct scene *);

/* How many have been tried. */
extern long orders_tried;

#endif
