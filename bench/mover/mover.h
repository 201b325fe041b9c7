/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What the options of the mover ask for, and the parts that move the bytes.
 * Descriptors are blocking ones, and any failure ends the program.
 */
#ifndef BENCH_MOVER_MOVER_H
#define BENCH_MOVER_MOVER_H

#include <stdbool.h>

struct mover {
	const char *method;
	const char *unix_path; /* in place of a host and a port, or NULL */
	bool is_udp, is_nodelay;
	int send_buffer, receive_buffer; /* SO_SNDBUF, SO_RCVBUF; 0: as it is */
	int pipe_bytes;                  /* F_SETPIPE_SZ; 0: as it is */
	bool is_without_more;            /* SPLICE_F_MORE */
	int buffer_bytes; /* also how much one splice(2) is asked for */
	char *buffer;
};

bool mover_uses(const struct mover *m, const char *method);

/* The flags of each splice(2). */
unsigned mover_splice_flags(const struct mover *m);

/* mover/endpoint.c: sockets */

int endpoint_connect(const struct mover *m, const char *host, const char *port);

/* Waits for one peer; over UDP for none. */
int endpoint_accept(const struct mover *m, const char *host, const char *port);

/* mover/stream.c: one direction, to the end of the input */

void stream_move(const struct mover *m, int in, int out);

/* Gives the pipe among two descriptors the size that is asked for. */
void stream_size_pipe(const struct mover *m, int in, int out);

bool stream_is_pipe(int fd);

/* By read(2) and write(2), whatever the method. */
void stream_copy(const struct mover *m, int in, int out);

/* mover/zerocopy.c: MSG_ZEROCOPY */

void zerocopy_move(const struct mover *m, int in, int out);

/* mover/polled.c: as event loops do it */

/* Never blocks, and calls poll(2) after EAGAIN only. */
void polled_copy(const struct mover *m, int in, int out);
void polled_splice(const struct mover *m, int in, int out);

/* Blocks, and calls poll(2) for both ends before each splice(2). */
void polled_splice_first(const struct mover *m, int in, int out);

/* Both directions of a socket in one loop: one read and one write a turn. */
void polled_duplex(const struct mover *m, int in, int out, int socket);

/* mover/datagram.c: over UDP, for ever or to the end of the input */

void datagram_send(const struct mover *m, int in, int socket);
void datagram_receive(const struct mover *m, int socket, int out);

#endif
