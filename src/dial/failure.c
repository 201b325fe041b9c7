/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "dial/failure.h"

#include <stdio.h>
#include <string.h>

#include "dial/target.h"
#include "net/address.h"
#include "net/address_text.h"
#include "net/transport.h"

const char *
dial_stage_name(enum dial_stage stage)
{
	static const char *const names[] = {
		[DIAL_SOURCE] = "source",
		[DIAL_RESOLVE] = "resolve",
		[DIAL_CONNECT] = "connect",
	};

	return names[stage];
}

static void
format_connect(const struct dial_failure *f, const struct target *t, char *text,
    size_t size)
{
	char where[2 * ADDRESS_TEXT];

	if (f->address != NULL)
		target_format(t, f->address, where, sizeof(where));
	else
		strlcpy(where, target_host(t), sizeof(where));
	snprintf(text, size, "connect to %s (%s) failed%s%s", where,
	    t->transport->name, f->what != NULL ? ": " : "",
	    f->what != NULL ? f->what : "");
}

void
dial_failure_format(const struct dial_failure *f, const struct target *t,
    char *text, size_t size)
{
	if (f->stage == DIAL_SOURCE)
		snprintf(text, size, "local address %s",
		    t->source != NULL ? t->source : t->source_port);
	else if (f->stage == DIAL_RESOLVE &&
	    t->transport->domain == TRANSPORT_INET)
		snprintf(text, size, "%s port %s", target_host(t), t->port);
	else
		format_connect(f, t, text, size);
}
