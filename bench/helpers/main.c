/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * The helpers of the benchmark in one small program: what feeds the tools that
 * are measured, what answers them, and what counts.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "helpers/commands.h"

static const struct command {
	const char *name, *words;
	int fewest; /* words */
	int (*run)(char **words);
} commands[] = {
	{ "generate", "BYTES CHUNK", 2, generate },
	{ "generate-packets", "SECONDS SIZE", 2, generate_packets },
	{ "drain", "", 0, drain },
	{ "drain-until-idle", "", 0, drain_until_idle },
	{ "echo", "PORT", 1, serve_echo },
	{ "discard", "PORT", 1, serve_discard },
	{ "accept-close", "PORT", 1, serve_close },
	{ "send", "PORT BYTES", 2, send_bytes },
	{ "pingpong", "PORT SIZE SECONDS", 3, pingpong },
	{ "pingpong-command", "SIZE SECONDS -- COMMAND", 4, pingpong_command },
	{ "connect", "PORT SECONDS", 2, connect_repeatedly },
	{ "hold", "PORT COUNT", 2, hold },
	{ "spawn", "COUNT -- COMMAND", 3, spawn },
	{ "usage", "FILE -- COMMAND", 3, usage },
	{ "send-datagrams", "PORT SIZE SECONDS RATE", 4, send_datagrams },
	{ "count-datagrams", "PORT", 1, count_datagrams },
};

static const size_t count = sizeof(commands) / sizeof(commands[0]);

int
main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < count; i++)
		if (argc >= 2 + commands[i].fewest &&
		    strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argv + 2);
	fprintf(stderr, "usage:\n");
	for (size_t i = 0; i < count; i++)
		fprintf(stderr, "  helpers %s %s\n", commands[i].name,
		    commands[i].words);
	return 2;
}
