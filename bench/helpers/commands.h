/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The sub-commands, one function each.  Each gets the words behind its name, as
 * many as helpers/main.c has checked, prints figures on standard output, and
 * returns the exit status.  Servers return only when they are killed.
 */
#ifndef BENCH_HELPERS_COMMANDS_H
#define BENCH_HELPERS_COMMANDS_H

/* helpers/pipes.c */

/* BYTES CHUNK: so many zero bytes to standard output, a chunk at a time. */
int generate(char **words);

/*
 * SECONDS SIZE: chunks of SIZE bytes to standard output for so long.  Prints
 * "chunks" on standard error.
 */
int generate_packets(char **words);

/* Reads standard input to its end.  Prints "bytes seconds". */
int drain(char **words);

/* The same, but 300 ms without input are the end, too. */
int drain_until_idle(char **words);

/* helpers/servers.c, on 127.0.0.1 */

/* PORT: echoes what each client sends. */
int serve_echo(char **words);

/* PORT: reads all that one client after another sends. */
int serve_discard(char **words);

/* PORT: closes each connection at once. */
int serve_close(char **words);

/* helpers/clients.c, to 127.0.0.1 */

/* PORT BYTES: sends so many, ends its side, waits for the end of the peer's. */
int send_bytes(char **words);

/* PORT SIZE SECONDS: SIZE bytes to and fro.  Prints "round-trips/s". */
int pingpong(char **words);

/* SIZE SECONDS -- COMMAND: the same through a command's input and output. */
int pingpong_command(char **words);

/*
 * PORT SECONDS: connects, has 64 bytes echoed, closes, again and again.
 * Prints "connections/s".
 */
int connect_repeatedly(char **words);

/*
 * PORT COUNT: so many connections at once, each echoed once.  Prints "ready
 * seconds", then waits for a line, while others look at the server's memory.
 * Has each echoed once more, and prints the seconds.
 */
int hold(char **words);

/* helpers/processes.c */

/* COUNT -- COMMAND: runs it so often.  Prints the mean "seconds". */
int spawn(char **words);

/* FILE -- COMMAND: runs it.  "CPU-seconds peak-RSS-KB" go to the file. */
int usage(char **words);

/* helpers/datagrams.c, on 127.0.0.1 */

/*
 * PORT SIZE SECONDS RATE: datagrams, RATE a second, or as fast as possible if
 * that is 0.  Prints "datagrams seconds".
 */
int send_datagrams(char **words);

/* PORT: counts, until 300 ms without any.  Prints "datagrams bytes seconds". */
int count_datagrams(char **words);

#endif
