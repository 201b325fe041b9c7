/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* Telnet, RFC 854, without any of its options. */
#ifndef SOCKCAT_CODEC_TELNET_H
#define SOCKCAT_CODEC_TELNET_H

#include <stddef.h>
#include <stdint.h>

enum telnet_state {
	TELNET_DATA,
	TELNET_COMMAND,    /* after IAC */
	TELNET_OPTION,     /* after WILL, WONT, DO or DONT */
	TELNET_SUB,        /* between SB and SE */
	TELNET_SUB_COMMAND /* after IAC there */
};

/* All zero at the start of a stream. */
struct telnet {
	enum telnet_state state;
	uint8_t verb; /* WILL or DO, while its option is awaited */
};

/*
 * Splits what a peer sent into data and answers: each option offered or asked
 * for is refused, other commands are dropped. data and answers must each hold
 * the input and a verb of three bytes.
 */
void telnet_decode(struct telnet *, const uint8_t *in, size_t length,
    uint8_t *data, size_t *data_length, uint8_t *answers,
    size_t *answers_length);

/*
 * Doubles the bytes that begin a command. out must hold twice the input.
 * Returns the number of bytes written to it.
 */
size_t telnet_encode(const uint8_t *in, size_t length, uint8_t *out);

#endif
