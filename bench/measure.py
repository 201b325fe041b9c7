# SPDX-License-Identifier: ISC
"""Measuring: all cases of a workload in turn, and what that leaves for a record."""
import contextlib
import os
import time

import settings
import streams
from processes import Failed, clean_up


def asked(reps):
    """The settings that a record was made with, and how busy the machine was."""
    return {"date": time.strftime("%Y-%m-%d"), "load": round(os.getloadavg()[0], 1),
            "reps": reps, "size": settings.SIZE, "seconds": settings.SECONDS_EACH}


def cases_of(workload, specs):
    """What to run: each tool, or each size of one. Values take no arguments."""
    if not workload.by_size:
        return {spec: lambda spec=spec: workload.run(spec) for spec in specs}
    return {label: lambda size=size: workload.run(specs[0], size)
            for label, size in streams.GROWTH_SIZES.items()
            if size <= settings.SIZE or not settings.SIZE_GIVEN}


def in_turn(cases, reps):
    """Runs all cases so many times, to and fro, so that none always follows the same.
    Returns the samples of each, None for a run that failed, and the failures."""
    samples, failures = {case: [] for case in cases}, {case: [] for case in cases}
    for rep in range(reps):
        for case, run in list(cases.items())[::-1 if rep % 2 else 1]:
            sample = None
            try:
                sample = run()
            except (Failed, OSError, ValueError, ZeroDivisionError) as e:
                failures[case].append(str(e))
            finally:
                clean_up()
            samples[case].append(sample)
    return samples, {case: reasons for case, reasons in failures.items() if reasons}


@contextlib.contextmanager
def one_core():
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def record(workload, cases, reps):
    """What results.py keeps of a workload. Raises streams.NoSpace."""
    about = asked(reps)
    try:
        with one_core() if workload.one_core else contextlib.nullcontext():
            samples, failures = in_turn(cases, reps)
    finally:
        clean_up()
        streams.remove_files()
    return {**about, "samples": samples, "failures": failures}
