/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * getopt_long(3) and --help, both made from the table.
 */
#include "cli/options_parse.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/nearest.h"
#include "cli/options.h"
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

/* The long name nearest to a word, up to its '='; NULL: none is near. */
static const char *
nearest_name(const char *word)
{
	size_t length = strcspn(word, "=");
	int least = nearest_limit(length) + 1;
	const char *name = NULL;

	for (int i = 0; i < option_count; i++) {
		const char *each = option_rows[i].name;
		int distance =
		    each == NULL ? least : nearest_distance(word, length, each);

		if (distance < least) {
			least = distance;
			name = each;
		}
	}
	return name;
}

/* No option has that name, or several begin with it. */
static void
report_name(const char *word)
{
	int length = (int)strcspn(word, "=");
	const char *nearest = nearest_name(word + 2);

	if (count_names(word + 2) > 1)
		log_error("%.*s: short for more than one option (see --help)",
		    length, word);
	else if (nearest != NULL)
		log_error("%.*s: no such option, did you mean --%s?", length,
		    word, nearest);
	else
		log_error("%.*s: no such option (see --help)", length, word);
}

/* getopt_long(3) found no such option, or no argument for it. */
static void
report_option(int code, char **argv)
{
	const char *word = argv[optind - 1];
	const char *why = "no such option (see --help)";

	if (optopt == 0) {
		report_name(word);
		return;
	}
	if (code == ':')
		why = "needs an argument";
	else if (optopt >= LONG_ONLY)
		why = "takes no argument";
	if (optopt >= LONG_ONLY)
		log_error("%.*s: %s", (int)strcspn(word, "="), word, why);
	else
		log_error("-%c: %s", optopt, why);
}

int
options_parse(struct options *options, int argc, char **argv)
{
	char letters[3 * ROWS_MAX];
	struct option names[ROWS_MAX + 1];
	int code;

	*options = (struct options){
		.unix_mode = -1,
		.socket.tos = -1,
		.ready_fd = -1,
		.socket.keepalive = KEEPALIVE_MS,
		.shutdown_after = -1,
		.backlog = -1,
		.hold = -1,
		.slow_timeout = -1,
		.timeout = -1,
		.connect_timeout = -1,
		.idle_timeout = -1,
		.accept_timeout = -1,
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
	printf("usage: sockcat [options] [host] port    connect\n"
	       "       sockcat [options] TARGET         connect\n"
	       "       sockcat -l [options] [host] port listen; also "
	       "TARGET, :port, -s, -p\n"
	       "       sockcat -U [-l] [options] path   unix-domain\n\n");
	for (int i = 0; i < option_count; i++)
		help_row(&option_rows[i]);
	printf("\nTARGET is host:port, [v6]:port or unix:path; tcp: or udp: "
	       "may stand in front\nof a host.  TIME takes ms, s, m or h "
	       "(seconds if bare); SIZE takes k, M or G.\nA long name may be "
	       "cut where it stays the only one.\n");
}
