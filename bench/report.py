# SPDX-License-Identifier: ISC
"""What is printed: the machine, the tables, and what failed."""
import collections
import os
import statistics
import textwrap
import time

import peers
import settings

WIDTH = 100


def cpu_model():
    with open("/proc/cpuinfo") as f:
        for line in f:
            if line.startswith(("model name", "Model", "cpu model")):
                return line.partition(":")[2].strip()
    return os.uname().machine


def machine(names):
    return {
        "cpu": cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": f"{os.uname().sysname} {os.uname().release}",
        "date": time.strftime("%Y-%m-%d"),
        "load": round(os.getloadavg()[0], 1),
        "versions": {name: peers.version(name) for name in names},
    }


def wrapped(text, indent=""):
    print(textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False,
                        break_on_hyphens=False))


def heading(about):
    cores = f"{about['cores']} core" + "s" * (about["cores"] != 1)
    versions = [f"{name} {version}".strip() for name, version in about["versions"].items()]
    wrapped(f"{about['cpu']}, {cores}, {about['kernel']}, {about['date']}, "
            f"load {about['load']} at the start")
    wrapped(f"{', '.join(versions)}; REPS={settings.REPS} SIZE={settings.SIZE} "
            f"SECONDS_EACH={settings.SECONDS_EACH:g}")
    absent = peers.missing()
    if absent:
        wrapped("not installed: " + ", ".join(
            f"{name} (Debian package {package})" for name, package in absent.items()))


def number(value):
    if value >= 1000 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 100 else f"{value:.3f}" if value < 10 else f"{value:.2f}"


def table(title, first, samples, reference):
    """A row for each case that has samples; for each metric, the median and its
    ratio to the reference row."""
    medians = {case: {metric: statistics.median(run[metric] for run in runs) for metric in runs[0]}
               for case, runs in samples.items() if runs}
    print()
    if not medians:
        wrapped(title)
        return
    if reference not in medians:
        reference = next(iter(medians))
    wrapped(f"{title}; x: ratio to {reference}")
    metrics = {metric: max(10, len(metric) + 2) for metric in medians[reference]}
    room = WIDTH - sum(width + 6 for width in metrics.values())
    first_width = min(room, max(map(len, [first, *medians])))
    print(first.ljust(first_width) + "".join(
        f"{metric:>{width}}{'x':>6}" for metric, width in metrics.items()))
    for case, row in medians.items():
        if len(case) > first_width:     # options make long names
            print(case)
            case = ""
        cells = case.ljust(first_width)
        for metric, width in metrics.items():
            base = medians[reference][metric]
            ratio = f"{row[metric] / base:.2f}" if base else "-"
            cells += f"{number(row[metric]):>{width}}{ratio:>6}"
        print(cells)


def failures(failed):
    """A line for each way in which a case failed."""
    for case, reasons in failed.items():
        for reason, times in collections.Counter(reasons).items():
            wrapped(f"failed: {case}: {times} of {settings.REPS}: {reason}", indent="    ")


def absent(names):
    if names:
        wrapped(f"no such mode: {', '.join(names)}")
