/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The values of options: text to numbers.  Each function returns NULL, or
 * what is allowed, to be put behind the option and the value in an error
 * line.
 */
#ifndef SOCKCAT_CLI_VALUES_H
#define SOCKCAT_CLI_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "observe/event.h"
#include "relay/relay.h"

/* A time in milliseconds: "5", "0.5", "250ms", "2s", "1.5m", "1h". */
const char *value_time(const char *text, int64_t *milliseconds);

/* A size in bytes: "4096", "64k", "1M", "2G". */
const char *value_size(const char *text, uint64_t *bytes);

/* A mode as chmod(1) takes it in octal: "600". */
const char *value_mode(const char *text, int *mode);

/* The octet of --tos: a keyword, or a number from 0 to 255. */
const char *value_tos(const char *text, int *tos);

/*
 * "host:port" or "[address]:port" into its parts, which point into a copy
 * that the caller keeps.  Returns NULL, or what is wrong.
 */
const char *value_host_port(char *copy, const char **host, const char **port);

/* "text" or "json". */
const char *value_log_format(const char *text, enum event_format *);

/* SOCKCAT_STRATEGY, which tests set: how streams and datagrams move. */
const char *value_strategy(
    const char *text, enum strategy_choice *, bool *one_by_one);

#endif
