/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/* Client mode: dial, then one session, or pass the socket on with -F. */
#include "run/connect.h"

#include <sys/socket.h>

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/loop.h"
#include "cli/plan.h"
#include "dial/dial.h"
#include "observe/event.h"
#include "run/dial_report.h"
#include "run/dispatch.h"
#include "run/outcome.h"
#include "run/reaper.h"
#include "run/run.h"
#include "stream/stream.h"

struct client {
	struct run run;
	struct outcome *outcome;
};

static void
client_fail(struct client *c)
{
	c->outcome->is_failure = true;
	loop_stop(c->run.loop);
}

static void
client_ended(void *context, const struct session_result *result)
{
	struct client *c = context;

	outcome_add(c->outcome, result);
	loop_stop(c->run.loop);
}

/*
 * Sends the descriptor over standard output: SCM_RIGHTS, unix(7).  Its receiver
 * expects a blocking socket.
 */
static int
pass_descriptor(int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(fd))];
	} control = { 0 };
	char byte = 0;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr m = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (descriptor_set_blocking(fd, true) == -1)
		return -1;
	return sendmsg(STDOUT_FILENO, &m, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

static void
attempt_failed(void *context, const struct dial_failure *failure)
{
	const struct client *c = context;

	dial_report_failure(&c->run.plan->target, NULL, failure);
}

static void
dial_ended(void *context, const struct dial_result *result)
{
	struct client *c = context;
	struct stream *remote = result->stream;

	dial_report_result(&c->run.plan->target, NULL, result);
	if (remote == NULL) {
		client_fail(c);
	} else if (c->run.plan->pass_fd) {
		/* It would not come along. */
		assert(remote->prefix == NULL);
		if (pass_descriptor(remote->in) == -1) {
			event_failed("--pass-fd: standard output", errno);
			c->outcome->is_failure = true;
		}
		stream_free(remote);
		loop_stop(c->run.loop);
	} else {
		dispatch_start(&c->run, remote, client_ended, c);
	}
}

void
connect_run(struct loop *loop, const struct plan *plan, struct stream *local,
    struct outcome *outcome)
{
	struct client client = {
		.run = { .loop = loop, .plan = plan, .local = local },
		.outcome = outcome,
	};
	struct task *dial = NULL;

	if (reaper_start(&client.run, 0) == 0)
		dial = dial_new(
		    &plan->target, attempt_failed, dial_ended, &client);
	if (dial == NULL) {
		event_failed("start", errno);
		outcome->is_failure = true;
		return;
	}
	loop_add(loop, dial);
	loop_run(loop);
}
