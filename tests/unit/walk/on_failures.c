/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * What it means that an end fails, leaves or takes no more.
 */
#include <stddef.h>

#include "decisions.h"

const struct decision decisions_on_failures[] = {
	/* The peer resets. */
	{ "a reset ends both directions", PIPES, TCP, 0, { R(DIES) },
	    "incomplete after 0 ms, peer reset, peer failed",
	    "error: remote: Connection reset by peer\n"
	    "sent 0 bytes (reset), received 0 bytes (reset)\n" },
	{ "what came before a reset is written", PIPES, TCP, AT_ONCE,
	    { ANSWER, R(DIES) },
	    "incomplete after 0 ms, peer reset, peer failed",
	    "error: remote: Connection reset by peer\n"
	    "sent 0 bytes (reset), received 1000 bytes (reset)\n" },
	{ "what was held when the peer reset is counted", PIPES, TCP, 0,
	    { R(FULL), QUESTION, R(DIES) },
	    "incomplete after 2 ms, peer reset, peer failed",
	    "error: remote: Connection reset by peer (1000 bytes of input not "
	    "sent)\n"
	    "sent 0 bytes (reset), received 0 bytes (reset)\n" },
	{ "what was on its way when the peer reset is lost", PIPES, TCP, FAR,
	    { QUESTION, R(DIES) },
	    "incomplete after 1 ms, peer reset, peer failed",
	    "error: remote: Connection reset by peer\n"
	    "sent 1000 bytes (reset), received 0 bytes (reset)\n" },
	{ "a reset of the peer resets the target", TCP, TCP, 0,
	    { ANSWER, R(DIES) },
	    "incomplete after 1 ms, peer reset, target reset, peer failed",
	    "error: remote: Connection reset by peer\n"
	    "sent 0 bytes (reset), received 1000 bytes (reset)\n" },
	{ "a reset of the peer ends a command", COMMAND, TCP, 0,
	    { ANSWER, R(DIES) },
	    "incomplete after 1 ms, peer reset, peer failed",
	    "error: remote: Connection reset by peer\n"
	    "sent 0 bytes (reset), received 1000 bytes (reset)\n" },
	{ "many clients: one that resets before it has spoken is no error",
	    COMMAND, TCP, MANY, { R(DIES) },
	    "incomplete after 0 ms, peer reset, peer failed",
	    "remote: Connection reset by peer\n"
	    "sent 0 bytes (reset), received 0 bytes (reset)\n" },
	{ "a single client: it is one", COMMAND, TCP, LISTENER, { R(DIES) },
	    "incomplete after 0 ms, peer reset, peer failed",
	    "error: remote: Connection reset by peer\n"
	    "sent 0 bytes (reset), received 0 bytes (reset)\n" },
	{ "many clients: one that resets after it has spoken is an error",
	    COMMAND, TCP, MANY, { ANSWER, R(DIES) },
	    "incomplete after 1 ms, peer reset, peer failed",
	    "error: remote: Connection reset by peer\n"
	    "sent 0 bytes (reset), received 1000 bytes (reset)\n" },
	{ "many clients: one that has spoken, but was not read, is one, too",
	    PIPES, TCP, MANY, { L(FULL), ANSWER, ANSWER, R(DIES) },
	    "outbound shut, inbound drain",
	    "error: remote: Connection reset by peer\n" },
	{ "--tolerate-abort: a reset is an end", PIPES, TCP, TOLERATE,
	    { QUESTION, R(DIES) }, "complete after 1 ms, peer not shut",
	    "remote: Connection reset by peer (--tolerate-abort)\n"
	    "sent 1000 bytes (reset), received 0 bytes (end)\n" },
	{ "--tolerate-abort: not while something is held for the peer", PIPES,
	    TCP, TOLERATE, { R(FULL), QUESTION, R(DIES) },
	    "incomplete after 2 ms, peer reset, peer failed",
	    "remote: Connection reset by peer (--tolerate-abort)\n"
	    "error: remote: Broken pipe (1000 bytes of input not sent)\n"
	    "sent 0 bytes (reset), received 0 bytes (end)\n" },
	{ "--tolerate-abort: not while something is on its way to the peer",
	    PIPES, TCP, FAR | TOLERATE, { QUESTION, R(DIES) },
	    "incomplete after 1 ms, peer reset, peer failed",
	    "error: remote: Connection reset by peer (1 byte of input not "
	    "sent)\n"
	    "sent 1000 bytes (reset), received 0 bytes (end)\n" },
	{ "a unix peer that has died with something unread is an error", PIPES,
	    UNIX, 0, { QUESTION, R(DIES) },
	    "incomplete after 1 ms, peer not shut, peer failed",
	    "error: remote: Connection reset by peer\n"
	    "sent 1000 bytes (reset), received 0 bytes (reset)\n" },
	{ "UDP: a refusal is told, and the session goes on", PIPES, UDP, Q,
	    { R(DIES), QUESTION, L(ENDS) }, "incomplete after 1002 ms",
	    "error: remote: Connection refused\n"
	    "sent 1000 bytes (end), received 0 bytes (cut by us)\n" },
	{ "UDP: the same refusal is told again after an answer", PIPES, UDP, Q,
	    { R(DIES), ANSWER, R(DIES), L(ENDS) }, "incomplete after 1003 ms",
	    "error: remote: Connection refused\n"
	    "error: remote: Connection refused\n"
	    "sent 0 bytes (end), received 1000 bytes (cut by us)\n" },
	{ "UDP: of several in a row the first is told, and the count", PIPES,
	    UDP, Q, { R(DIES), PASSES + 1, R(DIES), L(ENDS) },
	    "incomplete after 1003 ms",
	    "error: remote: Connection refused\n"
	    "error: remote: ended with 2 errors\n"
	    "sent 0 bytes (end), received 0 bytes (cut by us)\n" },
	{ "standard output may pause for long after the peer has reset", PIPES,
	    TCP, 0, { L(FULL), ANSWER, R(DIES) },
	    "outbound shut, inbound drain",
	    "error: remote: Connection reset by peer\n" },
	{ "a command that reads nothing has 2 s then", COMMAND, TCP, 0,
	    { L(FULL), ANSWER, R(DIES) },
	    "incomplete after 2002 ms, peer reset, peer failed",
	    "error: remote: Connection reset by peer\n"
	    "sent 0 bytes (reset), received 1000 bytes (reset)\n" },
	{ "a target that reads nothing has 2 s then", TCP, TCP, 0,
	    { L(FULL), ANSWER, R(DIES) },
	    "incomplete after 2002 ms, peer reset, target reset, peer failed",
	    "error: remote: Connection reset by peer\n"
	    "sent 0 bytes (reset), received 1000 bytes (reset)\n" },
	{ "a peer that keepalive has given up ends both", PIPES, TCP, 0,
	    { R(FAILS) }, "incomplete after 0 ms, peer reset, peer failed",
	    "error: remote: Connection timed out\n"
	    "sent 0 bytes (failed), received 0 bytes (failed)\n" },
	{ "so does one that does not acknowledge what was sent", PIPES, TCP, 0,
	    { R(VANISHES), QUESTION },
	    "incomplete after 5001 ms, peer reset, peer failed",
	    "error: remote: Connection timed out\n"
	    "sent 1000 bytes (failed), received 0 bytes (failed)\n" },
	{ "and so does one that does not acknowledge the end of input", PIPES,
	    TCP, NOW, { R(VANISHES), QUESTION, L(ENDS) },
	    "incomplete after 5001 ms, peer failed",
	    "error: remote: Connection timed out\n"
	    "sent 1000 bytes (end), received 0 bytes (failed)\n" },
	{ "a peer that nothing is on its way to may be silent for ever", PIPES,
	    TCP, 0, { R(VANISHES) }, "outbound open, inbound open", "" },
	{ "a target that does not acknowledge what was sent is given up", TCP,
	    TCP, 0, { L(VANISHES), ANSWER },
	    "incomplete after 5001 ms, peer reset, target reset, local end "
	    "gone",
	    "error: local: for remote: Connection timed out (0 bytes not "
	    "sent)\n"
	    "sent 0 bytes (failed), received 1000 bytes (failed)\n" },
	/* The peer takes no more. */
	{ "a peer that has ended and left, and had all, is no error", PIPES,
	    UNIX, 0, { QUESTION, R(LEAVES) },
	    "complete after 1 ms, peer not shut",
	    "sent 1000 bytes (closed), received 0 bytes (end)\n" },
	{ "the same after the end of input", PIPES, TCP, 0,
	    { QUESTION, L(ENDS), R(LEAVES) }, "complete after 2 ms",
	    "sent 1000 bytes (end), received 0 bytes (end)\n" },
	{ "one that has left with something held for it is an error", PIPES,
	    UNIX, 0, { R(FULL), QUESTION, R(LEAVES) },
	    "incomplete after 2 ms, peer not shut, peer failed",
	    "error: remote: Broken pipe (1000 bytes of input not sent)\n"
	    "sent 0 bytes (closed), received 0 bytes (end)\n" },
	{ "so is one that something was sent to since", PIPES, TCP, 0,
	    { R(LEAVES), QUESTION },
	    "incomplete after 1 ms, peer reset, peer failed",
	    "error: remote: Broken pipe\n"
	    "sent 1000 bytes (reset), received 0 bytes (end)\n" },
	{ "and one that something stands ready for", PIPES, UNIX, AT_ONCE,
	    { QUESTION, R(LEAVES) },
	    "incomplete after 0 ms, peer not shut, peer failed",
	    "error: remote: Broken pipe\n"
	    "sent 0 bytes (closed), received 0 bytes (end)\n" },
	{ "one that resets after its end, and had all, is no error", PIPES, TCP,
	    0, { QUESTION, R(ENDS), R(DIES) },
	    "complete after 2 ms, peer not shut",
	    "sent 1000 bytes (reset), received 0 bytes (end)\n" },
	{ "one that resets after its end, and something was sent since, is an "
	  "error",
	    PIPES, TCP, 0, { R(ENDS), QUESTION, R(DIES) },
	    "incomplete after 2 ms, peer reset, peer failed",
	    "error: remote: Broken pipe\n"
	    "sent 1000 bytes (reset), received 0 bytes (end)\n" },
	{ "--tolerate-abort: that is an end, too", PIPES, TCP, TOLERATE,
	    { R(ENDS), QUESTION, R(DIES) },
	    "complete after 2 ms, peer not shut",
	    "remote: Broken pipe (--tolerate-abort)\n"
	    "sent 1000 bytes (reset), received 0 bytes (end)\n" },
	{ "--tolerate-abort: another error is none", PIPES, TCP, TOLERATE,
	    { R(BREAKS), QUESTION },
	    "incomplete after 1 ms, peer reset, peer failed",
	    "error: remote: Input/output error (1000 bytes of input not sent)\n"
	    "sent 0 bytes (failed), received 0 bytes (failed)\n" },
	{ "many clients: one that has left is no error", MEMBER, TCP, MANY,
	    { R(LEAVES), QUESTION },
	    "incomplete after 1 ms, peer reset, peer failed",
	    "remote: Broken pipe\n"
	    "sent 1000 bytes (reset), received 0 bytes (end)\n" },
	{ "a peer that cannot be written to ends both", PIPES, TCP, 0,
	    { R(BREAKS), QUESTION },
	    "incomplete after 1 ms, peer reset, peer failed",
	    "error: remote: Input/output error (1000 bytes of input not sent)\n"
	    "sent 0 bytes (failed), received 0 bytes (failed)\n" },
	{ "what it had said is still written", PIPES, TCP, AT_ONCE,
	    { R(BREAKS), QUESTION, ANSWER },
	    "incomplete after 0 ms, peer reset, peer failed",
	    "error: remote: Input/output error (1000 bytes of input not sent)\n"
	    "sent 0 bytes (failed), received 1000 bytes (failed)\n" },
	{ "and the target is reset", TCP, TCP, 0, { R(BREAKS), QUESTION },
	    "incomplete after 1 ms, peer reset, target reset, peer failed",
	    "error: remote: Input/output error (1000 bytes of input not sent)\n"
	    "sent 0 bytes (failed), received 0 bytes (failed)\n" },
	{ "a shortage of memory that passes costs a pause", PIPES, TCP, 0,
	    { R(PAUSES), QUESTION }, "outbound open, inbound open",
	    "error: remote: No buffer space available, trying again\n" },
	{ "memory that is short for 10 s ends both, where it is written", PIPES,
	    TCP, 0, { R(STARVES), QUESTION },
	    "incomplete after 10271 ms, peer reset, peer failed",
	    "error: remote: No buffer space available, trying again\n"
	    "error: remote: No buffer space available (1000 bytes of input not "
	    "sent)\n"
	    "sent 0 bytes (failed), received 0 bytes (failed)\n" },
	{ "and where it is read", PIPES, TCP, 0, { R(STARVES), ANSWER },
	    "incomplete after 10271 ms, peer reset, peer failed",
	    "error: remote: No buffer space available, trying again\n"
	    "error: remote: No buffer space available\n"
	    "sent 0 bytes (failed), received 0 bytes (failed)\n" },
	{ "UDP: a message that is too large is lost alone", PIPES, UDP,
	    Q | AT_ONCE, { QUESTION, L(LARGE), L(ENDS) },
	    "incomplete after 1000 ms",
	    "error: remote: datagram of 500 bytes: Message too long\n"
	    "sent 1000 bytes (end), received 0 bytes (cut by us)\n" },
	{ "seqpacket: a message that is too large is lost alone", PIPES,
	    SEQPACKET, AT_ONCE, { QUESTION, L(LARGE), L(ENDS) },
	    "outbound shut, inbound open",
	    "error: remote: datagram of 500 bytes: Message too long\n" },
	/* The local end takes no more. */
	{ "a reader that leaves ends both", PIPES, TCP, 0, { L(LEAVES) },
	    "incomplete after 0 ms, peer reset, reader gone",
	    "sent 0 bytes (cut by us), received 0 bytes (cut by us)\n" },
	{ "what stands ready is sent before", PIPES, TCP, AT_ONCE,
	    { QUESTION, L(LEAVES) },
	    "incomplete after 0 ms, peer reset, reader gone",
	    "sent 1000 bytes (cut by us), received 0 bytes (cut by us)\n" },
	{ "and its end, if that stands ready, too", PIPES, TCP, AT_ONCE,
	    { QUESTION, L(ENDS), L(LEAVES) },
	    "incomplete after 0 ms, reader gone",
	    "sent 1000 bytes (end), received 0 bytes (cut by us)\n" },
	{ "what is held for a reader that leaves is lost", PIPES, TCP, 0,
	    { L(FULL), ANSWER, L(LEAVES) },
	    "incomplete after 2 ms, peer reset, reader gone",
	    "sent 0 bytes (cut by us), received 1000 bytes (cut by us)\n" },
	{ "a file that takes no more ends both", PIPES, TCP, 0,
	    { L(BREAKS), ANSWER },
	    "incomplete after 1 ms, peer reset, local end gone",
	    "error: local: Input/output error\n"
	    "sent 0 bytes (cut by us), received 1000 bytes (failed)\n" },
	{ "a command that reads no more goes on", COMMAND, TCP, 0,
	    { L(LEAVES) }, "outbound open, inbound shut", "" },
	{ "until it ends", COMMAND, TCP, 0, { L(LEAVES), QUESTION, L(ENDS) },
	    "incomplete after 12 ms, reader gone",
	    "sent 1000 bytes (end), received 0 bytes (cut by us)\n" },
	{ "a command that ends has ended both", COMMAND, TCP, 0,
	    { QUESTION, L(DIES) }, "incomplete after 11 ms, reader gone",
	    "sent 1000 bytes (end), received 0 bytes (cut by us)\n" },
	{ "also with something held for it", COMMAND, TCP, 0,
	    { L(FULL), ANSWER, L(DIES) }, "incomplete after 12 ms, reader gone",
	    "sent 0 bytes (end), received 1000 bytes (cut by us)\n" },
	{ "also on a terminal", PTY, TCP, 0, { QUESTION, L(LEAVES) },
	    "incomplete after 11 ms, reader gone",
	    "sent 1000 bytes (end), received 0 bytes (cut by us)\n" },
	{ "a command that cannot be written to ends both", COMMAND, TCP, 0,
	    { L(BREAKS), ANSWER },
	    "incomplete after 1 ms, peer reset, local end gone",
	    "error: local: Input/output error\n"
	    "sent 0 bytes (cut by us), received 1000 bytes (failed)\n" },
	{ "a target that has left, and had all, has ended", UNIX, TCP, 0,
	    { QUESTION, L(LEAVES) }, "complete after 1 ms, local end gone",
	    "sent 1000 bytes (end), received 0 bytes (closed)\n" },
	{ "one that has left with something held for it is an error", UNIX, TCP,
	    0, { L(FULL), ANSWER, L(LEAVES) },
	    "incomplete after 2 ms, peer reset, local end gone",
	    "error: local: for remote: Broken pipe (1000 bytes not sent)\n"
	    "sent 0 bytes (end), received 1000 bytes (closed)\n" },
	{ "one that leaves, and something comes for it, is an error", TCP, TCP,
	    0, { L(LEAVES), ANSWER },
	    "incomplete after 1 ms, peer reset, target reset, local end gone",
	    "error: local: for remote: Broken pipe (0 bytes not sent)\n"
	    "sent 0 bytes (end), received 1000 bytes (reset)\n" },
	{ "a target that resets ends both", TCP, TCP, 0, { QUESTION, L(DIES) },
	    "incomplete after 1 ms, peer reset, target reset, local end gone",
	    "error: local: for remote: Connection reset by peer (0 bytes not "
	    "sent)\n"
	    "sent 1000 bytes (reset), received 0 bytes (reset)\n" },
	{ "also behind what it has said", TCP, TCP, AT_ONCE,
	    { QUESTION, L(DIES) },
	    "incomplete after 0 ms, peer reset, target reset, local end gone",
	    "error: local: for remote: Connection reset by peer (0 bytes not "
	    "sent)\n"
	    "sent 1000 bytes (reset), received 0 bytes (reset)\n" },
	{ "a target that cannot be written to ends both", TCP, TCP, 0,
	    { L(BREAKS), ANSWER },
	    "incomplete after 1 ms, peer reset, target reset, local end gone",
	    "error: local: for remote: Input/output error (1000 bytes not "
	    "sent)\n"
	    "sent 0 bytes (failed), received 1000 bytes (failed)\n" },
	{ "a client that a hub wants no more is reset", MEMBER, TCP, MANY,
	    { L(LEAVES) }, "incomplete after 0 ms, peer reset, reader gone",
	    "sent 0 bytes (cut by us), received 0 bytes (cut by us)\n" },
	/* The input fails. */
	{ "an input that cannot be read resets the peer", PIPES, TCP, 0,
	    { L(FAILS) }, "incomplete after 0 ms, peer reset, input failed",
	    "error: local: Input/output error\n"
	    "sent 0 bytes (failed), received 0 bytes (cut by us)\n" },
	{ "behind what was read before", PIPES, TCP, AT_ONCE,
	    { QUESTION, L(FAILS) },
	    "incomplete after 0 ms, peer reset, input failed",
	    "error: local: Input/output error\n"
	    "sent 1000 bytes (failed), received 0 bytes (cut by us)\n" },
	{ "and once what the peer has said is written", PIPES, TCP, 0,
	    { L(FULL), ANSWER, L(FAILS), PASSES + 3000, L(TAKES) },
	    "incomplete after 3003 ms, peer reset, input failed",
	    "error: local: Input/output error\n"
	    "sent 0 bytes (failed), received 1000 bytes (cut by us)\n" },
	{ "UDP knows no reset", PIPES, UDP, Q, { L(FAILS) },
	    "incomplete after 1000 ms, input failed",
	    "error: local: Input/output error\n"
	    "sent 0 bytes (failed), received 0 bytes (cut by us)\n" },
	{ "a command's output that cannot be read resets the peer", COMMAND,
	    TCP, 0, { L(FAILS) },
	    "incomplete after 0 ms, peer reset, input failed",
	    "error: local: Input/output error\n"
	    "sent 0 bytes (failed), received 0 bytes (cut by us)\n" },
	{ "a target that cannot be read resets both", TCP, TCP, 0,
	    { ANSWER, L(FAILS) },
	    "incomplete after 1 ms, peer reset, target reset, local end gone",
	    "error: local: for remote: Connection timed out (0 bytes not "
	    "sent)\n"
	    "sent 0 bytes (failed), received 1000 bytes (failed)\n" },
	{ "a unix target that cannot be read resets the peer", UNIX, TCP, 0,
	    { ANSWER, L(FAILS) },
	    "incomplete after 1 ms, peer reset, input failed",
	    "error: local: Input/output error\n"
	    "sent 0 bytes (failed), received 1000 bytes (cut by us)\n" },
	{ .name = NULL },
};
