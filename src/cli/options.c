/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * getopt_long(3) and --help, both made from the table.
 */
#include "cli/options.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/rows.h"
#include "observe/log.h"

enum {
	LONG_ONLY = 256,
	KEEPALIVE_MS = 60000, /* what --keepalive is without the option */
};

static void
make_getopt(char *letters, struct option *names)
{
	size_t n = 0;

	*letters++ = ':'; /* tell a missing argument from a wrong option */
	for (int i = 0; i < option_count; i++) {
		int has_argument = option_rows[i].argument != NULL;

		if (option_rows[i].letter != 0) {
			*letters++ = option_rows[i].letter;
			if (has_argument)
				*letters++ = ':';
		}
		if (option_rows[i].name != NULL)
			names[n++] = (struct option){ option_rows[i].name,
				has_argument, NULL, LONG_ONLY + i };
	}
	*letters = '\0';
	names[n] = (struct option){ 0 };
}

static const struct row *
row_of(int code)
{
	if (code >= LONG_ONLY)
		return &option_rows[code - LONG_ONLY];
	for (int i = 0; i < option_count; i++)
		if (option_rows[i].letter != 0 && option_rows[i].letter == code)
			return &option_rows[i];
	return NULL;
}

static void
report_value(const struct row *row, int code, const char *text, const char *bad)
{
	if (code < LONG_ONLY)
		log_error("-%c %s: %s", row->letter, text, bad);
	else
		log_error("--%s %s: %s", row->name, text, bad);
}

/* How many long names begin with a word, up to its '='. */
static int
count_names(const char *word)
{
	size_t length = strcspn(word, "=");
	int count = 0;

	for (int i = 0; i < option_count; i++)
		if (option_rows[i].name != NULL &&
		    strncmp(option_rows[i].name, word, length) == 0)
			count++;
	return count;
}

/* getopt_long(3) found no such option, or no argument for it. */
static void
report_option(int code, char **argv)
{
	const char *word = argv[optind - 1];
	const char *why = "no such option (see --help)";

	if (code == ':')
		why = "needs an argument";
	else if (optopt >= LONG_ONLY)
		why = "takes no argument";
	else if (optopt == 0 && count_names(word + 2) > 1)
		why = "short for more than one option (see --help)";
	if (optopt == 0 || optopt >= LONG_ONLY)
		log_error("%.*s: %s", (int)strcspn(word, "="), word, why);
	else
		log_error("-%c: %s", optopt, why);
}

int
options_parse(struct options *options, int argc, char **argv)
{
	char letters[3 * ROWS_MOST];
	struct option names[ROWS_MOST + 1];
	int code;

	*options = (struct options){
		.unix_mode = -1,
		.socket.tos = -1,
		.ready_fd = -1,
		.socket.keepalive = KEEPALIVE_MS,
		.shutdown_after = -1,
		.hold = -1,
		.slow_timeout = -1,
		.timeout = -1,
		.connect_timeout = -1,
		.idle_timeout = -1,
		.deadline = -1,
	};
	make_getopt(letters, names);
	opterr = 0;
	while ((code = getopt_long(argc, argv, letters, names, NULL)) != -1) {
		const struct row *row = row_of(code);
		const char *bad = NULL;

		if (row == NULL) {
			report_option(code, argv);
			return -1;
		}
		if (row->set != NULL)
			bad = row->set(row, options, optarg);
		if (bad != NULL) {
			report_value(row, code, optarg, bad);
			return -1;
		}
		options->given[row - option_rows] = true;
	}
	return optind;
}

static bool
is_named(const struct row *row, const char *name)
{
	if (row->name != NULL)
		return strcmp(row->name, name) == 0;
	return name[0] == row->letter && name[1] == '\0';
}

/* An option and its aliases set the same member. */
bool
options_given(const struct options *options, const char *name)
{
	const struct row *wanted = NULL;

	for (int i = 0; i < option_count && wanted == NULL; i++)
		if (is_named(&option_rows[i], name))
			wanted = &option_rows[i];
	assert(wanted != NULL);
	for (int i = 0; i < option_count; i++)
		if (options->given[i] && row_is_alias(&option_rows[i], wanted))
			return true;
	return false;
}

const char *
options_spelling(const char *name)
{
	static char spelling[2][64];
	static int turn;

	/* Two, so that one line can name two options. */
	turn = !turn;
	snprintf(spelling[turn], sizeof(spelling[turn]), "%s%s",
	    name[1] == '\0' ? "-" : "--", name);
	return spelling[turn];
}

static void
help_row(const struct row *row)
{
	char letter[8] = "   ", names[64] = "";

	if (row->letter != 0)
		snprintf(letter, sizeof(letter), "-%c%s", row->letter,
		    row->name != NULL ? "," : " ");
	if (row->name != NULL)
		snprintf(names, sizeof(names), "--%s", row->name);
	if (row->argument != NULL) {
		if (row->name != NULL)
			strlcat(names, " ", sizeof(names));
		strlcat(names, row->argument, sizeof(names));
	}
	printf("  %s %-24s %s\n", letter, names, row->help);
}

void
options_help(void)
{
	printf("usage: sockcat [options] [host] port              connect\n"
	       "       sockcat [options] host:port | [v6]:port    connect\n"
	       "       sockcat -l [options] [host] [port]         listen\n"
	       "       sockcat -U [-l] [options] path             "
	       "unix-domain\n\n");
	for (int i = 0; i < option_count; i++)
		help_row(&option_rows[i]);
	printf("\nTIME takes ms, s, m or h (seconds if bare); SIZE takes "
	       "k, M or G.\n");
}
