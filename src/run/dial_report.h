/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What is reported of a dial: the connection, as nc reports it, or why it
 * failed.
 */
#ifndef SOCKCAT_RUN_DIAL_REPORT_H
#define SOCKCAT_RUN_DIAL_REPORT_H

struct dial_failure;
struct dial_result;
struct target;

/* The client is whom it is for, named in lines; NULL: nobody else. */

/* A dial that could not begin, for lack of memory. */
void dial_report_start(const struct target *, const char *client, int error);

/* For a dial_failed callback: an address has failed, others may be left. */
void dial_report_failure(
    const struct target *, const char *client, const struct dial_failure *);

/* For a dial_done callback. */
void dial_report_result(
    const struct target *, const char *client, const struct dial_result *);

#endif
