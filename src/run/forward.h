/* SPDX-License-Identifier: ISC */
/* Copyright (c) 2026 The sockcat authors */
/*
 * Sessions of --forward.
 */
#ifndef SOCKCAT_RUN_FORWARD_H
#define SOCKCAT_RUN_FORWARD_H

#include "run/session.h"

/* As dispatch_start(). */
void forward_start(
    const struct run *, struct stream *remote, session_done *, void *context);

#endif
