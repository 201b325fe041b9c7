/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "codec/json.h"

#include <string.h>

#include "unit/tap.h"

static const char *
finished(struct json *j, char *out)
{
	size_t length = json_end(j);

	out[length] = '\0';
	return out;
}

static void
an_object_has_its_members_in_order(void)
{
	char out[256];
	struct json j;

	json_begin(&j, out, sizeof(out));
	ok(strcmp(finished(&j, out), "{}") == 0, "an object may be empty");
	json_begin(&j, out, sizeof(out));
	json_text(&j, "event", "listening", SIZE_MAX);
	json_open(&j, "local");
	json_integer(&j, "port", 80);
	json_close(&j);
	json_decimal(&j, "seconds", 0.25);
	ok(strcmp(finished(&j, out),
	       "{\"event\":\"listening\",\"local\":{\"port\":80},"
	       "\"seconds\":0.250000}") == 0,
	    "members stand in order, in objects, too: %s", out);
}

static void
text_is_escaped(void)
{
	char out[256];
	struct json j;

	json_begin(&j, out, sizeof(out));
	json_text(&j, "a", "\"\\\n\x1f/\xc3\xa4", SIZE_MAX);
	ok(strcmp(finished(&j, out),
	       "{\"a\":\"\\\"\\\\\\u000a\\u001f/\xc3\xa4\"}") == 0,
	    "quotes, backslashes and control characters are escaped: %s", out);
	json_begin(&j, out, sizeof(out));
	json_text(&j, "a", "x\xc3\xa4y", 2);
	ok(strcmp(finished(&j, out), "{\"a\":\"x\"}") == 0,
	    "text is shortened by whole characters: %s", out);
}

static void
what_does_not_fit_is_told(void)
{
	char out[] = "............";
	struct json j;

	for (size_t size = 1; size < strlen("{\"a\":\"bc\"}"); size++) {
		memset(out, '.', sizeof(out) - 1);
		json_begin(&j, out, size);
		json_text(&j, "a", "bc", SIZE_MAX);
		ok(json_end(&j) == 0 && out[size] == '.',
		    "an object that %zu bytes do not hold is not complete",
		    size);
	}
	json_begin(&j, out, strlen("{\"a\":\"bc\"}"));
	json_text(&j, "a", "bc", SIZE_MAX);
	ok(json_end(&j) == strlen("{\"a\":\"bc\"}"), "one that just fits is");
}

int
main(void)
{
	an_object_has_its_members_in_order();
	text_is_escaped();
	what_does_not_fit_is_told();
	return tap_end();
}
