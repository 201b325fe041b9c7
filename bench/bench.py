#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""usage: [VARIABLE=VALUE]... bench.py

Runs each tool of each workload in turn, REPS times, on loopback, and prints medians.

  WORKLOAD      names, separated by blanks
  TOOLS         names, separated by blanks; TOOL:OPTIONS adds options to its commands,
                TOOL:A;B adds A to the sending and B to the receiving one
  REPS          runs of each tool (5)
  SIZE          bytes of each stream transfer (1 GiB)
  SECONDS_EACH  time of a run of the other workloads (1)
  JSON          a file to which the samples are added, a line for each workload
  SOCKCAT, CC   the binary, and the compiler for the helpers

BENCHMARKS.md says what the workloads are, and how to read the tables.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile

import peers
import report
import settings
import streams
import workloads
from processes import Failed, clean_up


def in_turn(cases, samples, failed):
    """Runs all cases REPS times, to and fro, so that none always follows the same."""
    for rep in range(settings.REPS):
        for case, run in list(cases.items())[::-1 if rep % 2 else 1]:
            try:
                samples[case].append(run())
            except (Failed, OSError, ValueError, ZeroDivisionError) as e:
                failed[case].append(str(e))
            finally:
                clean_up()


def cases_of(name, workload, tool_list):
    """What to run: each tool, or each size of one."""
    if name != "growth":
        return {tool: lambda tool=tool: workload.run(tool) for tool in tool_list}
    return {label: lambda size=size: workload.run(tool_list[0], size)
            for label, size in streams.GROWTH_SIZES.items()
            if size <= settings.SIZE or not settings.SIZE_GIVEN}


def measure(name, workload, tool_list, about):
    """One table. Returns whether sockcat did all that it was asked."""
    cases = cases_of(name, workload, tool_list)
    samples, failed = {case: [] for case in cases}, {case: [] for case in cases}
    cores = os.sched_getaffinity(0)
    if workload.one_core:
        os.sched_setaffinity(0, {max(cores)})
    try:
        in_turn(cases, samples, failed)
    except streams.NoRoom as e:
        print(f"\n{name}: left out: {e}")
        return True
    finally:
        clean_up()
        streams.remove_files()
        os.sched_setaffinity(0, cores)
    if name == "growth":
        title, first, reference = f"{name}: {workload.moves}: {tool_list[0]}", "size", "256 MiB"
    else:
        title, first, reference = f"{name}: {workload.moves}", "tool", peers.REFERENCE
    report.table(title, first, samples, reference)
    report.failures(failed)
    if settings.JSON:
        with open(settings.JSON, "a") as f:
            json.dump({"workload": name, "machine": about, "reps": settings.REPS,
                       "size": settings.SIZE, "tools": tool_list,
                       "samples": samples, "failures": failed}, f)
            f.write("\n")
    return not any(reasons and "sockcat" in (peers.name_of(case), peers.name_of(tool_list[0]))
                   for case, reasons in failed.items())


def default_tools(name, workload):
    if name == "growth":
        return ["sockcat"]
    return peers.installed() + ["sockcat"] + (["mover"] if workload.stream else [])


def measure_all(names):
    chosen = {name: workloads.find(name) for name in names}
    about = report.machine([*peers.installed(), "sockcat"])
    report.heading(about)
    good = True
    for name, workload in chosen.items():
        tool_list = settings.TOOLS or default_tools(name, workload)
        able = [tool for tool in tool_list if peers.has(tool, workload.roles)]
        lists = [[tool] for tool in able] if name == "growth" else [able]
        for tool_list_now in lists:
            good = measure(name, workload, tool_list_now, about) and good
        report.absent([tool for tool in tool_list if tool not in able])
        sys.stdout.flush()
    return good


def check(names):
    for name in names:
        if not workloads.find(name):
            sys.exit(f"bench: no workload '{name}'; there are "
                     f"{' '.join(workloads.WORKLOADS)} hold-N")
    for tool in settings.TOOLS:
        if peers.name_of(tool) not in peers.COMMANDS:
            sys.exit(f"bench: no tool '{tool}'; there are {' '.join(peers.COMMANDS)}")


def main():
    if len(sys.argv) > 1:
        sys.exit(__doc__.strip())
    names = settings.WORKLOADS or list(workloads.DEFAULT)
    check(names)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    try:
        with tempfile.TemporaryDirectory(prefix="bench.") as folder:
            peers.build(folder)
            sys.exit(0 if measure_all(names) else 1)
    except subprocess.CalledProcessError:
        sys.exit("bench: the helpers do not compile")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
