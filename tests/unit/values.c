/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "cli/values.h"

#include <string.h>

#include "tap.h"

static int64_t
time_of(const char *text)
{
	int64_t ms = -1;

	return value_time(text, &ms) == NULL ? ms : -1;
}

static int64_t
size_of(const char *text)
{
	uint64_t bytes = 0;

	return value_size(text, &bytes) == NULL ? (int64_t)bytes : -1;
}

static int
mode_of(const char *text)
{
	int mode = -1;

	return value_mode(text, &mode) == NULL ? mode : -1;
}

static int
tos_of(const char *text)
{
	int tos = -1;

	return value_tos(text, &tos) == NULL ? tos : -1;
}

static bool
splits(const char *text, const char *host, const char *port)
{
	char copy[128];
	const char *h, *p;

	strlcpy(copy, text, sizeof(copy));
	if (value_host_port(copy, &h, &p) != NULL)
		return host == NULL;
	return host != NULL && strcmp(h, host) == 0 && strcmp(p, port) == 0;
}

static void
times(void)
{
	ok(time_of("5") == 5000, "a bare time is in seconds");
	ok(time_of("0.5") == 500 && time_of(".25") == 250,
	    "a time may have decimals");
	ok(time_of("250ms") == 250 && time_of("2s") == 2000 &&
		time_of("1.5m") == 90000 && time_of("1h") == 3600000,
	    "ms, s, m and h are units of time");
	ok(time_of("0.1ms") == 1, "a time that is not 0 is never cut to 0");
	ok(time_of("") == -1 && time_of("ms") == -1 && time_of(".") == -1,
	    "a time needs a number");
	ok(time_of("-1") == -1 && time_of("+1") == -1 && time_of("1e3") == -1 &&
		time_of("0x10") == -1 && time_of("inf") == -1 &&
		time_of("nan") == -1 && time_of("1.2.3") == -1,
	    "only digits and one point make a number");
	ok(time_of("1d") == -1 && time_of("1 s") == -1 && time_of("1sx") == -1,
	    "other units are none");
	ok(time_of("99999999999999999999h") == -1,
	    "a time beyond reason is refused");
}

static void
sizes(void)
{
	ok(size_of("512") == 512 && size_of("64k") == 65536 &&
		size_of("1M") == 1 << 20 && size_of("2G") == INT64_C(2) << 30,
	    "sizes take k, M and G");
	ok(size_of("") == -1 && size_of("k") == -1 && size_of("-1") == -1 &&
		size_of("1kk") == -1 && size_of("12x") == -1,
	    "other sizes are refused");
	ok(size_of("99999999999999999999") == -1 && size_of("16E") == -1,
	    "a size beyond 63 bits is refused");
}

static void
modes_and_tos(void)
{
	ok(mode_of("600") == 0600 && mode_of("0777") == 0777 &&
		mode_of("0") == 0,
	    "modes are octal");
	ok(mode_of("8") == -1 && mode_of("1000") == -1 && mode_of("") == -1 &&
		mode_of("-1") == -1 && mode_of("u=rw") == -1,
	    "other modes are refused");
	ok(tos_of("lowdelay") == 0x10 && tos_of("ef") == 0xb8 &&
		tos_of("af11") == 0x28 && tos_of("af43") == 0x98 &&
		tos_of("cs7") == 0xe0 && tos_of("critical") == 0xa0,
	    "the type of service has keywords");
	ok(tos_of("184") == 184 && tos_of("0xb8") == 184 && tos_of("0") == 0,
	    "the type of service may be a number");
	ok(tos_of("256") == -1 && tos_of("af14") == -1 && tos_of("") == -1 &&
		tos_of("-1") == -1,
	    "other types of service are refused");
}

static void
hosts_and_ports(void)
{
	ok(splits("host:80", "host", "80"), "host:port is split");
	ok(splits("[::1]:80", "::1", "80"), "[address]:port is split");
	ok(splits("[fe80::1%%eth0]:ssh", "fe80::1%%eth0", "ssh"),
	    "a scope stays with its address");
	ok(splits("::1", NULL, NULL) && splits("::1:80", NULL, NULL),
	    "a bare IPv6 address is refused, for it might hold the port");
	ok(splits("host:", NULL, NULL) && splits(":80", NULL, NULL) &&
		splits("[]:80", NULL, NULL) && splits("[::1]", NULL, NULL) &&
		splits("[::1]80", NULL, NULL) && splits("[::1", NULL, NULL) &&
		splits("host", NULL, NULL) && splits("", NULL, NULL),
	    "half a pair is refused");
}

int
main(void)
{
	times();
	sizes();
	modes_and_tos();
	hosts_and_ports();
	return tap_end();
}
