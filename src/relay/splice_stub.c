/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * For systems without splice(2): all bytes are copied.
 */
#include "relay/splice.h"

const struct strategy *
splice_strategy_for(const struct flow *f)
{
	(void)f;
	return NULL;
}
