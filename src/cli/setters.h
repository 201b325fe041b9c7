/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * How the value of an option is read, and stored in the member of struct
 * options that its row names.  A setter knows the type of that member.
 */
#ifndef SOCKCAT_CLI_SETTERS_H
#define SOCKCAT_CLI_SETTERS_H

#include "cli/row.h"

setter set_true;       /* bool: a flag */
setter set_more;       /* int: a flag that is counted */
setter set_value;      /* int: the row's least, such as an address family */
setter set_text;       /* const char *: the word itself */
setter set_name;       /* const char *: the option's own name */
setter set_repeated;   /* struct repeated: one word more */
setter set_number;     /* int, from the row's least to its max */
setter set_count;      /* uint64_t, the same */
setter set_size;       /* uint64_t: bytes, with a unit */
setter set_buffer;     /* int: bytes, as setsockopt(2) wants them */
setter set_time;       /* int64_t: milliseconds */
setter set_hold;       /* int64_t: the same; -1 is never, as in nc */
setter set_keepalive;  /* int64_t: whole seconds, of which tcp(7) has 16 bits */
setter set_mode;       /* int: as chmod(1) has it, in octal */
setter set_tos;        /* int: the octet of --tos */
setter set_log_format; /* enum event_format */

#endif
