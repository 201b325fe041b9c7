/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "dial/target.h"

#include <sys/socket.h>

#include <string.h>

#include "net/address.h"
#include "net/address_text.h"
#include "net/transport.h"
#include "tap.h"

static struct address
loopback(uint16_t port)
{
	struct address a;

	address_set_any(&a, AF_INET);
	address_set_host(&a, "127.0.0.1");
	address_set_port(&a, port);
	return a;
}

static bool
is_called(const struct target *t, const struct address *a, const char *host,
    const char *all)
{
	char text[2 * ADDRESS_TEXT], more[2 * ADDRESS_TEXT];

	target_format_host(t, a, text, sizeof(text));
	target_format(t, a, more, sizeof(more));
	return strcmp(text, host) == 0 && strcmp(more, all) == 0;
}

int
main(void)
{
	const struct address inet = loopback(80);
	struct target t = { .transport = transport_by_name("tcp") };
	struct address path = { 0 };

	ok(strcmp(target_host(&t), "localhost") == 0 &&
		is_called(&t, &inet, "localhost (127.0.0.1)",
		    "localhost (127.0.0.1) port 80"),
	    "without a host it is this machine");
	t.host = "name.test";
	ok(is_called(&t, &inet, "name.test (127.0.0.1)",
	       "name.test (127.0.0.1) port 80"),
	    "a name stands before its address");
	t.host = "127.0.0.1";
	ok(is_called(&t, &inet, "127.0.0.1", "127.0.0.1 port 80"),
	    "an address stands once");
	t.host = "./path";
	t.transport = transport_by_type(TRANSPORT_UNIX, SOCK_STREAM);
	address_set_unix(&path, t.host);
	ok(is_called(&t, &path, "./path", "./path"), "a path has no port");
	return tap_end();
}
