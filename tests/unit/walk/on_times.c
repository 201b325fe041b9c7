/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What it means that time is up, that we leave, and that we are told to end.
 */
#include <stddef.h>

#include "decisions.h"

const struct decision decisions_on_times[] = {
	/* Time is up. */
	{ "-w ends both", PIPES, TCP, W, { PASSES + 3000, QUESTION },
	    "incomplete after 8000 ms, peer reset",
	    "error: remote: idle for 5 s\n"
	    "sent 1000 bytes (idle), received 0 bytes (idle)\n" },
	{ "a pause that -i makes is no idleness", PIPES, TCP, W | DELAY,
	    { QUESTION, QUESTION }, "incomplete after 25000 ms, peer reset",
	    "error: remote: idle for 5 s\n"
	    "sent 2000 bytes (idle), received 0 bytes (idle)\n" },
	{ "-w waits for a silence that --shutdown-after waits for", PIPES, TCP,
	    W | AFTER, { QUESTION, L(ENDS) },
	    "incomplete after 15000 ms, peer reset",
	    "Shutting our side: remote has been quiet for 10000 ms "
	    "(--shutdown-after)\n"
	    "error: remote: idle for 5 s\n"
	    "sent 1000 bytes (end), received 0 bytes (idle)\n" },
	{ "-w ends a target", TCP, TCP, W, { ANSWER },
	    "incomplete after 5000 ms, peer reset, target reset",
	    "error: remote: idle for 5 s\n"
	    "sent 0 bytes (idle), received 1000 bytes (idle)\n" },
	{ "-w is an end in order to UDP", PIPES, UDP, W, { ANSWER },
	    "complete after 5000 ms, peer not shut",
	    "sent 0 bytes (idle), received 1000 bytes (idle)\n" },
	{ "-w is none with something held", PIPES, UDP, W, { L(FULL), ANSWER },
	    "incomplete after 5001 ms, peer not shut",
	    "error: local: quit before all was written\n"
	    "sent 0 bytes (idle), received 500 bytes (idle)\n" },
	{ "-q ends both", PIPES, TCP, Q, { QUESTION, L(ENDS) },
	    "complete after 1011 ms",
	    "Shutting our side: remote has been quiet for 300 ms "
	    "(--shutdown-after)\n"
	    "sent 1000 bytes (end), received 0 bytes (cut by us)\n" },
	{ "-q 0 ends both at once", PIPES, TCP, Q0, { QUESTION, L(ENDS) },
	    "complete after 11 ms",
	    "sent 1000 bytes (end), received 0 bytes (cut by us)\n" },
	{ "-q does not count while input goes on", PIPES, TCP, Q, { QUESTION },
	    "outbound open, inbound open", "" },
	{ "-q counts from the end of either side with a UDP target", UDP, TCP,
	    Q | FROM_PEER, { ANSWER, R(ENDS) },
	    "complete after 1001 ms, peer not shut",
	    "sent 0 bytes (cut by us), received 1000 bytes (end)\n" },
	{ "-q waits for a peer that is full, but no longer than 2 s", PIPES,
	    TCP, Q, { R(FULL), QUESTION, L(ENDS) },
	    "incomplete after 2002 ms, peer reset",
	    "error: local: quit before all was sent\n"
	    "sent 0 bytes (cut by us), received 0 bytes (cut by us)\n" },
	{ "-q does not wait for a reader that is full", PIPES, TCP, Q,
	    { L(FULL), ANSWER, L(ENDS) },
	    "incomplete after 1002 ms, peer reset",
	    "error: local: quit before all was written\n"
	    "sent 0 bytes (end), received 1000 bytes (cut by us)\n" },
	{ "-q waits for lines that -i holds back", PIPES, TCP, Q | DELAY,
	    { QUESTION, QUESTION, L(ENDS) }, "complete after 20010 ms",
	    "sent 2000 bytes (end), received 0 bytes (cut by us)\n" },
	{ "-q waits for what is not acknowledged, but no longer than 2 s",
	    PIPES, TCP, Q, { QUESTION, R(FULL), L(ENDS) },
	    "incomplete after 3002 ms, peer reset, peer failed",
	    "error: remote: Connection timed out (1000 bytes of input not "
	    "sent)\n"
	    "sent 1000 bytes (end), received 0 bytes (cut by us)\n" },
	{ "--send-only ends 2 s after all has arrived", INPUT, TCP,
	    SEND_ONLY | FAR, { QUESTION, L(ENDS) }, "complete after 2010 ms",
	    "Shutting our side: remote has been quiet for 600 ms "
	    "(--shutdown-after)\n"
	    "sent 1000 bytes (end), received 0 bytes (cut by us)\n" },
	{ "--send-only waits for a peer that speaks", INPUT, TCP,
	    SEND_ONLY | FAR, { QUESTION, L(ENDS), PASSES + 1000, ANSWER },
	    "complete after 3012 ms",
	    "Shutting our side: remote has been quiet for 600 ms "
	    "(--shutdown-after)\n"
	    "sent 1000 bytes (end), received 1000 bytes (cut by us)\n" },
	{ "--send-only waits until all has arrived", INPUT, TCP,
	    SEND_ONLY | FAR,
	    { QUESTION, R(FULL), L(ENDS), PASSES + 5000, R(TAKES) },
	    "complete after 6810 ms",
	    "Shutting our side: remote has been quiet for 600 ms "
	    "(--shutdown-after)\n"
	    "sent 1000 bytes (end), received 0 bytes (cut by us)\n" },
	/* Leaving. */
	{ "what is on its way to a peer that has ended is waited for", PIPES,
	    TCP, FAR, { QUESTION, R(ENDS), L(ENDS) }, "complete after 102 ms",
	    "sent 1000 bytes (end), received 0 bytes (end)\n" },
	{ "it is lost if the peer resets then", TERMINAL, TCP, FAR,
	    { QUESTION, R(ENDS), R(DIES) },
	    "incomplete after 11 ms, peer failed",
	    "error: remote: Broken pipe (1 byte of input not sent)\n"
	    "sent 1000 bytes (end), received 0 bytes (end)\n" },
	{ "a peer that acknowledges nothing is waited for while its system "
	  "answers",
	    TERMINAL, TCP, 0, { QUESTION, R(FULL), R(ENDS) }, "leaving", "" },
	{ "but no longer than -w", TERMINAL, TCP, W,
	    { QUESTION, R(FULL), R(ENDS) },
	    "incomplete after 5002 ms, peer reset, peer failed",
	    "error: remote: Connection timed out (1000 bytes of input not "
	    "sent)\n"
	    "sent 1000 bytes (end), received 0 bytes (end)\n" },
	{ "a target that acknowledges nothing is waited for, too", TCP, TCP, 0,
	    { ANSWER, L(FULL), R(ENDS), L(ENDS) }, "leaving", "" },
	{ "but no longer than -w", TCP, TCP, W,
	    { ANSWER, L(FULL), R(ENDS), L(ENDS) },
	    "incomplete after 5003 ms, peer reset, target reset",
	    "error: local: for remote: Connection timed out (1000 bytes not "
	    "sent)\n"
	    "sent 0 bytes (end), received 1000 bytes (end)\n" },
	{ "it has lost that if it resets then", TCP, TCP, 0,
	    { ANSWER, L(FULL), R(ENDS), L(ENDS), L(DIES) },
	    "incomplete after 13 ms, peer reset",
	    "error: local: for remote: Broken pipe (1000 bytes not sent)\n"
	    "sent 0 bytes (end), received 1000 bytes (end)\n" },
	{ "a peer whose system has vanished is not waited for", TERMINAL, TCP,
	    0, { QUESTION, R(FULL), R(ENDS), R(VANISHES) },
	    "incomplete after 12 ms, peer reset, peer failed",
	    "error: remote: Connection timed out (1000 bytes of input not "
	    "sent)\n"
	    "sent 1000 bytes (end), received 0 bytes (end)\n" },
	{ "with --no-shutdown -q ends both, and does not tell the peer", PIPES,
	    TCP, Q | SILENT, { QUESTION, L(ENDS) },
	    "complete after 1011 ms, peer not shut",
	    "sent 1000 bytes (end), received 0 bytes (cut by us)\n" },
	{ "without it -W tells the peer", MUTE, TCP, LIMIT, { ANSWER },
	    "complete after 10 ms",
	    "sent 0 bytes (end), received 1000 bytes (cut by us)\n" },
	{ "-w over what is not acknowledged says so", PIPES, TCP, W,
	    { QUESTION, PASSES + 4900, R(FULL) },
	    "incomplete after 7000 ms, peer reset, peer failed",
	    "error: remote: idle for 5 s\n"
	    "error: remote: Connection timed out (1000 bytes of input not "
	    "sent)\n"
	    "sent 1000 bytes (idle), received 0 bytes (idle)\n" },
	{ "a peer that goes on sending has time to notice the end", PIPES, TCP,
	    LIMIT | FAR, { ANSWER, ANSWER }, "complete after 261 ms",
	    "sent 0 bytes (end), received 1000 bytes (cut by us)\n" },
	/* Signals. */
	{ "SIGTERM resets the peer", PIPES, TCP, TERM, { QUESTION },
	    "outbound open, inbound open, peer reset", "" },
	{ "SIGTERM sends what stands ready before", PIPES, TCP, TERM | AT_ONCE,
	    { QUESTION }, "outbound open, inbound open, peer reset", "" },
	{ "SIGTERM is an end in order where the end stands ready, too", PIPES,
	    TCP, TERM | AT_ONCE, { QUESTION, L(ENDS) },
	    "outbound open, inbound open", "" },
	{ "SIGTERM is one with -d, where nothing can be cut", MUTE, TCP, TERM,
	    { ANSWER }, "outbound open, inbound open", "" },
	{ "SIGTERM is one after the end of input", PIPES, TCP, TERM,
	    { QUESTION, L(ENDS) }, "outbound written, inbound open", "" },
	{ "SIGINT at a terminal is one", TERMINAL, TCP, INT, { QUESTION },
	    "outbound open, inbound open", "" },
	{ "SIGINT elsewhere resets the peer", PIPES, TCP, INT, { QUESTION },
	    "outbound open, inbound open, peer reset", "" },
	{ "SIGTERM at a terminal resets the peer", TERMINAL, TCP, TERM,
	    { QUESTION }, "outbound open, inbound open, peer reset", "" },
	{ "SIGTERM resets the peer of a command", COMMAND, TCP, TERM,
	    { QUESTION }, "outbound open, inbound open, peer reset", "" },
	{ .name = NULL },
};
