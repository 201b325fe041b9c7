/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
#include "dial/path.h"
#include "net/address_list.h"

#include "stream/stream.h"

void
dial_path_init(struct dial_path *p, const struct target *target,
    dial_failed *failed, void *context)
{
	*p = (struct dial_path){
		.target = target,
		.failed = failed,
		.context = context,
	};
	STAILQ_INIT(&p->failures);
}

void
dial_path_clear(struct dial_path *p)
{
	address_list_clear(&p->sources);
	address_list_clear(&p->addresses);
	stream_free(p->stream);
}

void
dial_path_tell(struct dial_path *p, struct dial_failure *f)
{
	f->stage = p->stage;
	if (p->failed != NULL)
		p->failed(p->context, f);
}

void
dial_path_add(struct dial_path *p, struct dial_failure *f)
{
	STAILQ_INSERT_TAIL(&p->failures, f, others);
}

void
dial_path_fail(struct dial_path *p, int error, const char *reason)
{
	p->failure = (struct dial_failure){ .error = error, .reason = reason };
	dial_path_tell(p, &p->failure);
	dial_path_add(p, &p->failure);
}
