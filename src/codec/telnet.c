/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * WILL is refused by DONT, DO by WONT; WONT and DONT need no answer, since
 * nothing is enabled (RFC 854, "the symmetry of the negotiation").
 */
#include "codec/telnet.h"

enum { SE = 240, SB = 250, WILL, WONT, DO, DONT, IAC };

static enum telnet_state
command(struct telnet *t, uint8_t byte, uint8_t *data, size_t *data_length)
{
	switch (byte) {
	case IAC: /* a data byte 255 */
		data[(*data_length)++] = byte;
		return TELNET_DATA;
	case SB:
		return TELNET_SUB;
	case WILL:
	case WONT:
	case DO:
	case DONT:
		t->verb = byte;
		return TELNET_OPTION;
	default:
		return TELNET_DATA;
	}
}

static size_t
refuse(uint8_t verb, uint8_t option, uint8_t *answer)
{
	if (verb != WILL && verb != DO)
		return 0;
	answer[0] = IAC;
	answer[1] = verb == WILL ? DONT : WONT;
	answer[2] = option;
	return 3;
}

void
telnet_decode(struct telnet *t, const uint8_t *in, size_t length, uint8_t *data,
    size_t *data_length, uint8_t *answers, size_t *answers_length)
{
	*data_length = *answers_length = 0;
	for (size_t i = 0; i < length; i++) {
		switch (t->state) {
		case TELNET_DATA:
			if (in[i] == IAC)
				t->state = TELNET_COMMAND;
			else
				data[(*data_length)++] = in[i];
			break;
		case TELNET_COMMAND:
			t->state = command(t, in[i], data, data_length);
			break;
		case TELNET_OPTION:
			*answers_length +=
			    refuse(t->verb, in[i], answers + *answers_length);
			t->state = TELNET_DATA;
			break;
		case TELNET_SUB:
			if (in[i] == IAC)
				t->state = TELNET_SUB_COMMAND;
			break;
		case TELNET_SUB_COMMAND:
			t->state = in[i] == SE ? TELNET_DATA : TELNET_SUB;
			break;
		}
	}
}

size_t
telnet_encode(const uint8_t *in, size_t length, uint8_t *out)
{
	size_t written = 0;

	for (size_t i = 0; i < length; i++) {
		out[written++] = in[i];
		if (in[i] == IAC)
			out[written++] = IAC;
	}
	return written;
}
