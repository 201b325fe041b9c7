/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "observe/retry.h"

#include <errno.h>

#include "base/backoff.h"
#include "observe/event.h"

void
retry_later(struct backoff *b, const char *what, int error, int64_t now)
{
	if (backoff_fail(b, now) && error != EAGAIN)
		event_say(EVENT_RETRYING, .what = what, .error = error);
}
