/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * A star has one reader, the output; a mesh has all the others.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "codec/chat.h"
#include "hub/hub_impl.h"

static void
push_to_others(
    struct member *from, const uint8_t *bytes, size_t length, bool is_message)
{
	struct member *m;

	TAILQ_FOREACH (m, &from->hub->members, others) {
		if (m != from)
			member_push(m, bytes, length, is_message);
	}
}

static void
chat(struct member *from, const char *speaker, const uint8_t *line,
    size_t length)
{
	uint8_t text[CHAT_OUTPUT_MAX];

	length = chat_line(speaker, line, length, text);
	push_to_others(from, text, length, true);
}

void
route_send(struct member *m, const uint8_t *bytes, size_t length)
{
	struct hub *hub = m->hub;
	char speaker[32] = "<server> ";

	if (hub->options.kind == HUB_CHAT) {
		if (m != &hub->input.member)
			snprintf(
			    speaker, sizeof(speaker), "<user%lu> ", m->number);
		chat(m, speaker, bytes, length);
	} else if (hub->options.kind == HUB_BROKER || m == &hub->input.member) {
		push_to_others(m, bytes, length, m->stream.writes_messages);
	} else if (outqueue_add(&hub->output.queue, bytes, length) == -1) {
		member_drop(m, strerror(errno));
	}
}

void
route_announce(struct member *m, const char *event, const char *where)
{
	char text[ADDRESS_TEXT + 64];
	int length;

	if (m->hub->options.kind != HUB_CHAT)
		return;
	length = snprintf(
	    text, sizeof(text), "user%lu %s%s", m->number, event, where);
	chat(m, "<announce> ", (const uint8_t *)text, (size_t)length);
}

bool
route_has_source(const struct hub *hub)
{
	return hub->options.kind != HUB_STAR ||
	    (hub->options.stdio->in != -1 && !hub->input.is_over);
}
