/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A range of addresses, read from text.
 *
 * An IPv4 address and its v4-mapped twin, ::ffff:a.b.c.d, are the same.  No
 * range of other IPv6 addresses holds any of them: ::/0 is all of IPv6 only.
 */
#ifndef SOCKCAT_LISTEN_ACL_RANGE_H
#define SOCKCAT_LISTEN_ACL_RANGE_H

#include <stdbool.h>
#include <stdint.h>

/* From first to last, both included, as address_bytes() makes them. */
struct acl_range {
	uint8_t first[16], last[16];
};

/* All IPv4 addresses among them: ::ffff:0:0/96. */
extern const struct acl_range acl_range_ipv4;

/*
 * An address, a network ("10.0.0.0/8", whose host bits do not count, or for
 * IPv4 "10.*.*.*") or a range ("10.0.0.1-10.0.0.20", "10.0.0.1-20").  IPv6
 * may be in brackets; a scope ("%eth0") is ignored.  Returns NULL, or what
 * is allowed.  A name (RFC 1123) sets *is_name and no range.
 */
const char *acl_range_parse(
    const char *spec, struct acl_range *, bool *is_name);

#endif
