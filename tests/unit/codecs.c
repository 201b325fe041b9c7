/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include <stdlib.h>
#include <string.h>

#include "codec/crlf.h"
#include "codec/telnet.h"
#include "tap.h"

/* Encodes in pieces of the given size; the result must not depend on it. */
static bool
crlf_gives(const char *in, const char *expected, size_t piece)
{
	struct crlf crlf = { 0 };
	uint8_t out[256];
	size_t length = strlen(in), used = 0;

	for (size_t at = 0; at < length; at += piece) {
		size_t n = length - at < piece ? length - at : piece;

		used +=
		    crlf_encode(&crlf, (const uint8_t *)in + at, n, out + used);
	}
	return used == strlen(expected) && memcmp(out, expected, used) == 0;
}

static void
crlf(void)
{
	ok(crlf_gives("a\nb\n", "a\r\nb\r\n", 99), "LF becomes CRLF");
	ok(crlf_gives("\na", "\r\na", 99), "the first byte may be an LF");
	ok(crlf_gives("a\r\nb\n\n", "a\r\nb\r\n\r\n", 99),
	    "CRLF stays as it is");
	ok(crlf_gives("a\r\n\nb\r", "a\r\n\r\nb\r", 1),
	    "a CRLF that reads cut in two stays as it is");
	ok(crlf_gives("a\rb", "a\rb", 1), "a lone CR stays as it is");
}

static bool
telnet_gives(const char *in, size_t length, const char *data,
    const char *answers, size_t answers_length, size_t piece)
{
	struct telnet telnet = { 0 };
	uint8_t out[256], reply[256];
	size_t used = 0, replied = 0;

	for (size_t at = 0; at < length; at += piece) {
		size_t n = length - at < piece ? length - at : piece;
		size_t more, more_reply;

		telnet_decode(&telnet, (const uint8_t *)in + at, n, out + used,
		    &more, reply + replied, &more_reply);
		used += more;
		replied += more_reply;
	}
	return used == strlen(data) && memcmp(out, data, used) == 0 &&
	    replied == answers_length && memcmp(reply, answers, replied) == 0;
}

#define TELNET(in, data, answers, piece) \
	telnet_gives(                    \
	    in, sizeof(in) - 1, data, answers, sizeof(answers) - 1, piece)

static void
telnet(void)
{
	uint8_t out[8];

	ok(TELNET("login: ", "login: ", "", 99), "data passes");
	ok(TELNET("\xff\xfd\x18"
		  "x",
	       "x", "\xff\xfc\x18", 99),
	    "DO is answered with WONT");
	ok(TELNET("\xff\xfb\x01"
		  "x",
	       "x", "\xff\xfe\x01", 99),
	    "WILL is answered with DONT");
	ok(TELNET("\xff\xfe\x01\xff\xfc\x01", "", "", 99),
	    "DONT and WONT need no answer");
	ok(TELNET("a\xff\xff"
		  "b",
	       "a\xff"
	       "b",
	       "", 99),
	    "a doubled IAC is a byte of data");
	ok(TELNET("a\xff\xfa\x18\x01\xff\xff\xff\xf0"
		  "b",
	       "ab", "", 99),
	    "a subnegotiation is dropped whole");
	ok(TELNET("a\xff\xf1"
		  "b",
	       "ab", "", 99),
	    "a command without an option is dropped");
	ok(TELNET("a\xff\xfd\x18\xff\xfb\x01"
		  "b",
	       "ab", "\xff\xfc\x18\xff\xfe\x01", 1),
	    "commands that reads cut are understood");
	ok(telnet_encode((const uint8_t *)"a\xff", 2, out) == 3 &&
		memcmp(out, "a\xff\xff", 3) == 0,
	    "a data byte that means IAC is doubled on the way out");
}

int
main(void)
{
	crlf();
	telnet();
	return tap_end();
}
