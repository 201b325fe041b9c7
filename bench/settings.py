# SPDX-License-Identifier: ISC
"""What the environment asks for. An empty variable is as good as none."""
import os
import shlex


def _get(name, default):
    return os.environ.get(name) or default


WORKLOADS = _get("WORKLOAD", "").split()
TOOLS = shlex.split(_get("TOOLS", ""))
REPS = int(_get("REPS", 5))
SIZE = int(_get("SIZE", 1 << 30))
SIZE_GIVEN = bool(os.environ.get("SIZE"))
SECONDS_EACH = float(_get("SECONDS_EACH", 1))
RESULTS = _get("RESULTS", None)
COMMIT, CFLAGS = _get("COMMIT", ""), _get("CFLAGS", "")
CC = shlex.split(_get("CC", "cc"))
SOCKCAT = _get("SOCKCAT", "sockcat")

PATIENCE = 60           # seconds that no step may exceed
TMPFS = "/dev/shm"
