#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""usage: [VARIABLE=VALUE]... bench.py

Runs each tool of each workload in turn, REPS times, on loopback, and prints medians.

  WORKLOAD      names, separated by blanks
  TOOLS         names, separated by blanks, or paths of other sockcats, with a slash;
                TOOL:OPTIONS adds options to its commands, TOOL:A;B adds A to the
                sending and B to the receiving one
  REPS          runs of each tool (5)
  SIZE          bytes of each stream transfer (1 GiB)
  SECONDS_EACH  time of a run of the other workloads (1)
  RESULTS       a file to which the samples are added; a bare name is in bench/results
  SOCKCAT, CC   the binary, and the compiler for the helpers
  COMMIT, CFLAGS    what the binary was built from and with, for RESULTS

BENCHMARKS.md says what the workloads are, and how to read the tables.
"""
import sys

import measure
import peers
import report
import results
import run
import settings
import streams
import workloads


def default_tools(workload):
    if workload.by_size:
        return ["sockcat"]
    return peers.installed() + ["sockcat"] + (["mover"] if workload.stream else [])


def sockcat_failed(workload, specs, record):
    """Whether it did not do all that it was asked. A case may be a size of specs[0]."""
    return any(peers.name_of(specs[0] if workload.by_size else case) == "sockcat"
               for case in record["failures"])


def measure_one(name, specs, absent, kept):
    """One table. Returns whether sockcat did all that it was asked."""
    workload = workloads.find(name)
    try:
        record = measure.record(workload, measure.cases_of(workload, specs), settings.REPS)
    except streams.NoSpace as e:
        print(f"\n{name}: left out: {e}")
        return True
    record["absent"] = absent
    kept.add(name, record)
    print("", *report.table(name, record), sep="\n", flush=True)
    return not sockcat_failed(workload, specs, record)


def measure_all(names):
    versions = {name: peers.version(name) for name in [*peers.installed(), "sockcat"]}
    about = {**results.environment(versions), **results.build()}
    kept = results.Results(about, settings.RESULTS)
    print(*report.heading(about, measure.asked(settings.REPS)), *report.not_installed(about),
          sep="\n")
    good = True
    for name in names:
        workload = workloads.find(name)
        wanted = settings.TOOLS or default_tools(workload)
        able = [spec for spec in wanted if peers.has(spec, workload.roles)]
        absent = [spec for spec in wanted if spec not in able]
        if workload.by_size:    # a table for each
            for spec in able:
                title = name if spec == "sockcat" else f"{name} {spec}"
                good = measure_one(title, [spec], absent, kept) and good
        else:
            good = measure_one(name, able, absent, kept) and good
    return good


def main():
    if len(sys.argv) > 1:
        sys.exit(__doc__.strip())
    names = settings.WORKLOADS or list(workloads.DEFAULT)
    run.check(names, settings.TOOLS)
    run.main(lambda: measure_all(names))


if __name__ == "__main__":
    main()
