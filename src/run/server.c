/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "run/server.h"

#include "run/outcome.h"

void
server_fail(struct server *s)
{
	s->outcome->is_failure = true;
	loop_stop(s->run.loop);
}
