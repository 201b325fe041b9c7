#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Compares two binaries of sockcat. OLD and NEW run in pairs, one after the other, and
the order changes from pair to pair. For each metric it prints both medians, the median
of the pairs' ratios, and the 95 % confidence interval of that. Above 1 NEW is better.

The status is 1 if a run fails, or if the interval of a workload's first metric lies
below --least. SIZE and SECONDS_EACH in the environment are those of bench.py.
"""
import argparse
import hashlib
import math
import statistics

import measure
import peers
import report
import results
import run
import streams
import workloads

DEFAULT = "startup,idle,lat-client-1,lat-client-64,conns,tcp-pipe,relay"


def interval(ratios):
    """The 95 % confidence interval of the median, or None if there are too few values.
    Its ends are order statistics: each value lies below the true median with a
    probability of a half, so how many do is binomial."""
    ordered, below, rank = sorted(ratios), 0.0, 0
    while below + math.comb(len(ordered), rank) / 2 ** len(ordered) <= 0.025:
        below += math.comb(len(ordered), rank) / 2 ** len(ordered)
        rank += 1
    return (ordered[rank - 1], ordered[-rank]) if rank else None


def ratio(metric, old, new):
    """Above 1 if NEW is better; None if there is nothing to divide by."""
    over, under = (new, old) if workloads.more_is_better(metric) else (old, new)
    return over / under if under else None


def compare(record):
    """For each metric: the medians, and the ratios of the pairs of which no run failed."""
    pairs = [(old, new) for old, new in zip(record["samples"]["old"], record["samples"]["new"])
             if old and new]
    for metric in pairs[0][0] if pairs else ():
        values = [(old[metric], new[metric]) for old, new in pairs]
        ratios = [ratio(metric, *both) for both in values]
        yield metric, *map(statistics.median, zip(*values)), None if None in ratios else ratios


def row(metric, old, new, ratios):
    line = f"{metric:<16}{report.number(old):>10}{report.number(new):>10}"
    if ratios is None:
        return line
    line += f"{statistics.median(ratios):>10.3f}"
    ends = interval(ratios)
    return line + (f"{ends[0]:>10.3f} to {ends[1]:.3f}" if ends else f"{'too few pairs':>18}")


def is_worse(record, least):
    """By the first metric, the one that the workload is about."""
    _, _, _, ratios = next(compare(record), (None,) * 4)
    ends = interval(ratios) if ratios else None
    return ends is not None and ends[1] < least


def measure_one(name, specs, options, kept):
    """One table. Returns whether no run failed and NEW is not worse."""
    workload = workloads.find(name)
    cases = {case: lambda spec=spec: workload.run(spec) for case, spec in specs.items()}
    try:
        record = measure.record(workload, cases, options.pairs)
    except streams.NoSpace as e:
        print(f"\n{name}: left out: {e}")
        return False
    kept.add(name, record)
    print(f"\n{name}: {workload.moves}")
    print(f"{'metric':<16}{'old':>10}{'new':>10}{'ratio':>10}{'95 % interval':>18}")
    print(*(row(*compared) for compared in compare(record)), *report.failures(record), sep="\n")
    worse = is_worse(record, options.least)
    if worse:
        print(f"worse: the interval lies below {options.least:g}")
    return not worse and not record["failures"]


def measure_all(names, specs, options):
    about = results.environment({case: peers.version(spec) for case, spec in specs.items()})
    about["sha256"] = {case: digest(spec) for case, spec in specs.items()}
    kept = results.Results(about, options.results)
    print(*report.heading(about, measure.asked(options.pairs)), sep="\n")
    return all([measure_one(name, specs, options, kept) for name in names])


def digest(spec):
    """Of a binary; nothing of a tool by name."""
    if not peers.is_path(peers.name_of(spec)):
        return ""
    with open(peers.name_of(spec), "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def parse():
    parser = argparse.ArgumentParser(
        prog="pairs.py", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", metavar="OLD", help="a path with a slash, or a tool of bench.py;"
                        " :OPTIONS may follow")
    parser.add_argument("new", metavar="NEW")
    parser.add_argument("--workloads", default=DEFAULT, metavar="NAMES",
                        help="separated by commas (%(default)s)")
    parser.add_argument("--pairs", type=int, default=21, metavar="COUNT", help="(%(default)s)")
    parser.add_argument("--least", type=float, default=0.97, metavar="RATIO",
                        help="that the interval must reach (%(default)s)")
    parser.add_argument("--results", metavar="FILE",
                        help="keep the samples; a bare name is in bench/results")
    return parser, parser.parse_args()


def main():
    parser, options = parse()
    names = options.workloads.split(",")
    specs = {"old": options.old, "new": options.new}
    run.check(names, specs.values())
    for name in names:
        workload = workloads.find(name)
        if workload.by_size:
            parser.error(f"{name} has no pairs")
        for spec in specs.values():
            if not peers.has(spec, workload.roles):
                parser.error(f"{spec} has no mode for {name}")
    run.main(lambda: measure_all(names, specs, options))


if __name__ == "__main__":
    main()
