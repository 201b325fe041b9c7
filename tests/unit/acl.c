/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * In a folder of its own; what is logged goes to a file there and is read.
 */
#include "listen/acl.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "listen/acl_sources.h"
#include "net/address.h"
#include "observe/log.h"
#include "tap.h"

static const char *const allow_file[] = { "allow", NULL };
static const char *const deny_file[] = { "deny", NULL };

static void
put_bytes(const char *path, const char *bytes, size_t length)
{
	FILE *file = fopen(path, "w");

	if (file == NULL || fwrite(bytes, 1, length, file) != length ||
	    fclose(file) != 0)
		abort();
}

static void
put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static void
forget_log(void)
{
	if (ftruncate(STDERR_FILENO, 0) == -1)
		abort();
}

/* What has been logged since forget_log(), at most size - 1 bytes. */
static void
read_log(char *text, size_t size)
{
	ssize_t n = pread(STDERR_FILENO, text, size - 1, 0);

	text[n > 0 ? n : 0] = '\0';
}

static int
logged_lines(void)
{
	char text[4096];
	int lines = 0;

	read_log(text, sizeof(text));
	for (const char *p = text; *p != '\0'; p++)
		lines += *p == '\n';
	return lines;
}

static bool
logged(const char *wanted)
{
	char text[4096];

	read_log(text, sizeof(text));
	if (strcmp(text, wanted) == 0)
		return true;
	printf("# logged: %s", text);
	return false;
}

static bool
lets_in(const struct acl *acl, const char *client)
{
	struct address a;

	address_set_any(&a, strchr(client, ':') != NULL ? AF_INET6 : AF_INET);
	return address_set_host(&a, client) && acl_allows(acl, &a);
}

/* Stops the loop when so many lines were logged, or after ten seconds. */
struct hangup {
	struct task task;
	struct loop *loop;
	int64_t next, end;
	int lines;
};

static void
hangup_want(struct task *task, struct poll_set *set)
{
	(void)task, (void)set;
}

static int64_t
watch_deadline(const struct task *task)
{
	return ((const struct hangup *)task)->next;
}

static void
watch_step(struct task *task, const struct poll_set *set, int64_t now)
{
	struct hangup *w = (struct hangup *)task;

	(void)set;
	w->next = now + 5;
	if (logged_lines() >= w->lines || now >= w->end)
		task_end(task), loop_stop(w->loop);
}

static void
watch_free(struct task *task)
{
	(void)task;
}

static const struct task_ops watch_ops = { "watch", hangup_want, watch_deadline,
	watch_step, NULL, watch_free };

static void
run_until_logged(struct loop *loop, int lines)
{
	struct hangup w = { .task.ops = &watch_ops,
		.loop = loop,
		.lines = lines,
		.end = loop_now() + 10000 };

	loop_add(loop, &w.task);
	loop_run(loop);
}

/* A acl in a loop. */
static struct acl *
acl_in(struct loop *loop, const struct acl_sources *options)
{
	struct acl *acl = acl_new(options);

	if (acl == NULL)
		abort();
	loop_add(loop, acl_task(acl));
	return acl;
}

static bool
refuses(const struct acl_sources *options, const char *line)
{
	forget_log();
	return acl_new(options) == NULL && logged(line);
}

static bool
refuses_file(const char *text, size_t length, const char *line)
{
	struct acl_sources o = { .deny_files = deny_file, .numeric = true };

	put_bytes("deny", text, length);
	return refuses(&o, line);
}

static bool
refuses_option(const char *text, const char *line)
{
	const char *specs[] = { "10.0.0.1", text, NULL };
	struct acl_sources o = { .allow = specs, .numeric = true };

	return refuses(&o, line);
}

static void
options_and_files_are_read(void)
{
	static const char *const allow[] = { "10.0.0.1,::1", "10.0.0.7-9",
		NULL };
	static const char *const deny[] = { "10.0.0.8", NULL };
	struct acl_sources o = { .allow = allow,
		.deny = deny,
		.allow_files = allow_file,
		.deny_files = deny_file };
	struct loop *loop = loop_new();
	struct acl *acl;

	put("allow",
	    "# comment\n\n192.0.2.0/24\t198.51.100.1 # more\r\n"
	    "2001:db8::/32");
	put("deny", "192.0.2.1#\n   \n");
	acl = acl_in(loop, &o);
	ok(lets_in(acl, "10.0.0.1") && lets_in(acl, "::1") &&
		lets_in(acl, "10.0.0.9") && !lets_in(acl, "10.0.0.8"),
	    "options are lists with commas, and may be repeated");
	ok(lets_in(acl, "192.0.2.2") && lets_in(acl, "198.51.100.1") &&
		lets_in(acl, "2001:db8::1") && !lets_in(acl, "192.0.2.1"),
	    "files have blanks, comments and empty lines");
	ok(!lets_in(acl, "203.0.113.1"), "who is not allowed stays out");
	loop_free(loop);
}

static void
names_are_resolved(void)
{
	static const char *const deny[] = { "localhost", NULL };
	struct acl_sources o = { .deny = deny, .family = AF_INET };
	struct loop *loop = loop_new();
	struct acl *acl = acl_in(loop, &o);

	ok(!lets_in(acl, "127.0.0.1") && lets_in(acl, "127.0.0.2"),
	    "a name stands for its addresses");
	loop_free(loop);
	ok(refuses_option("localhost",
	       "acl: --allow localhost: must be an address, for -n looks up "
	       "no names\n"),
	    "with -n a name is refused");
}

static void
an_empty_allow_file_allows_nobody(void)
{
	struct acl_sources o = { .allow_files = allow_file };
	struct loop *loop = loop_new();

	put("allow", "");
	ok(!lets_in(acl_in(loop, &o), "10.0.0.1"),
	    "an empty allow file allows nobody");
	loop_free(loop);
}

/* Bytes that may hold a NUL, and their number. */
#define BYTES(text) (text), sizeof(text) - 1

#define ANY "must be an address, a network, a range or a name\n"

static void
mistakes_are_told_with_their_place(void)
{
	static const char *const folder[] = { ".", NULL };
	static const char *const missing[] = { "missing", NULL };
	struct acl_sources o = { .allow_files = folder };
	char line[70000];

	ok(refuses_option("::1,300.1.2.3", "acl: --allow 300.1.2.3: " ANY),
	    "of an option the spec is told");
	ok(refuses_option("::1,", "acl: --allow : " ANY),
	    "a spec in an option is not empty");
	ok(refuses_option("a\033b", "acl: --allow a\\x1bb: " ANY),
	    "control characters are escaped");
	ok(refuses_file(BYTES("# one\n::1\n::2 10.0.0.0/33\nx\n"),
	       "acl: deny:3: 10.0.0.0/33: "
	       "must have a prefix length from 0 to 32\n"),
	    "of a file the line is told");
	ok(refuses_file(BYTES("::1,::2"), "acl: deny:1: ::1,::2: " ANY),
	    "a file has no commas");
	ok(refuses_file(
	       BYTES("\n\377\376\001"), "acl: deny:2: \\xff\\xfe\\x01: " ANY),
	    "garbage is refused");
	ok(refuses_file(BYTES("\n# a\0b\n"), "acl: deny:2: must be text\n"),
	    "a NUL is refused");
	ok(refuses_file(BYTES("::1\n1.2\n::2\0\n"), "acl: deny:2: 1.2: " ANY),
	    "the first mistake is the one that is told");
	memset(line, ' ', sizeof(line));
	memcpy(line + sizeof(line) - 4, "1.2\n", 4);
	ok(refuses_file(line, sizeof(line), "acl: deny:1: 1.2: " ANY),
	    "a line may have any length");
	ok(refuses(&o, "acl: .: Is a directory\n"), "a folder is no file");
	o.allow_files = missing;
	ok(refuses(&o, "acl: missing: No such file or directory\n"),
	    "a file must be there");
}

static void
lists_are_reloaded(void)
{
	struct acl_sources o = { .deny_files = deny_file };
	struct loop *loop = loop_new();
	struct acl *acl;

	put("deny", "10.0.0.1");
	acl = acl_in(loop, &o);
	put("deny", "10.0.0.2");
	forget_log();
	acl_reload(acl, NULL, NULL);
	ok(!lets_in(acl, "10.0.0.1"), "until they are loaded the old hold");
	run_until_logged(loop, 1);
	ok(lets_in(acl, "10.0.0.1") && !lets_in(acl, "10.0.0.2") &&
		logged("Reloaded access lists\n"),
	    "a reload replaces the lists");
	put("deny", "10.0.0.3\n10.0.0.400");
	forget_log();
	acl_reload(acl, NULL, NULL);
	run_until_logged(loop, 1);
	ok(!lets_in(acl, "10.0.0.2") && lets_in(acl, "10.0.0.3") &&
		logged("acl: access lists not reloaded: deny:2: "
		       "10.0.0.400: " ANY),
	    "a broken file keeps the old lists");
	unlink("deny");
	forget_log();
	acl_reload(acl, NULL, NULL);
	run_until_logged(loop, 1);
	ok(!lets_in(acl, "10.0.0.2") &&
		logged("acl: access lists not reloaded: deny: "
		       "No such file or directory\n"),
	    "a missing file keeps the old lists");
	loop_free(loop);
}

/* Makes the deny file one whose reader waits until it is written. */
static void
make_slow(void)
{
	unlink("deny");
	if (mkfifo("deny", 0600) == -1)
		abort();
}

/* Opens it when its reader has come. */
static FILE *
open_slow(void)
{
	FILE *file = fopen("deny", "w");

	if (file == NULL)
		abort();
	unlink("deny");
	return file;
}

static void
a_reload_may_be_asked_for_twice(void)
{
	struct acl_sources o = { .deny_files = deny_file };
	struct loop *loop = loop_new();
	struct acl *acl;
	FILE *file;

	put("deny", "10.0.0.1");
	acl = acl_in(loop, &o);
	make_slow();
	forget_log();
	acl_reload(acl, NULL, NULL);
	acl_reload(acl, NULL, NULL);
	acl_reload(acl, NULL, NULL);
	file = open_slow();
	put("deny", "10.0.0.3");
	fputs("10.0.0.2", file);
	fclose(file);
	run_until_logged(loop, 2);
	ok(!lets_in(acl, "10.0.0.3") && lets_in(acl, "10.0.0.2") &&
		logged("Reloaded access lists\nReloaded access lists\n"),
	    "a reload asked for during another is done once, afterwards");
	loop_free(loop);
}

static void
an_acl_may_go_before_its_thread(void)
{
	struct acl_sources o = { .deny_files = deny_file };
	struct loop *loop = loop_new();
	struct acl *acl;
	FILE *file;

	put("deny", "10.0.0.1");
	acl = acl_in(loop, &o);
	make_slow();
	forget_log();
	acl_reload(acl, NULL, NULL);
	file = open_slow();
	loop_free(loop);
	fputs("garbage!", file);
	fclose(file);
	ok(logged(""), "a thread that nobody waits for says nothing");
}

int
main(void)
{
	char folder[] = "/tmp/acl.XXXXXX";

	if (mkdtemp(folder) == NULL || chdir(folder) == -1 ||
	    dup2(open("log", O_RDWR | O_CREAT | O_APPEND, 0600),
		STDERR_FILENO) == -1)
		abort();
	setprogname("acl");
	log_set_verbosity(1);
	options_and_files_are_read();
	names_are_resolved();
	an_empty_allow_file_allows_nobody();
	mistakes_are_told_with_their_place();
	lists_are_reloaded();
	a_reload_may_be_asked_for_twice();
	an_acl_may_go_before_its_thread();
	unlink("allow");
	unlink("deny");
	unlink("log");
	rmdir(folder);
	return tap_end();
}
