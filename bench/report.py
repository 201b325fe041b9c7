# SPDX-License-Identifier: ISC
"""What is printed: the machine, the tables, and what failed. All return lines."""
import collections
import statistics
import textwrap

import peers
import workloads

WIDTH = 100


def wrapped(text, indent=""):
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False,
                         break_on_hyphens=False)


def heading(environment, asked):
    """Where it is measured, and with what; asked: any record, or measure.asked()."""
    cores = f"{environment['cores']} core" + "s" * (environment["cores"] != 1)
    versions = [f"{name} {version}".strip() for name, version in environment["versions"].items()]
    return [
        *wrapped(f"{environment['cpu']}, {cores}, {environment['kernel']}, {asked['date']}, "
                 f"load {asked['load']} at the start"),
        *wrapped(", ".join(versions) + built(environment)),
        f"REPS={asked['reps']} SIZE={asked['size']} SECONDS_EACH={asked['seconds']:g}"]


def built(environment):
    words = " ".join(filter(None, (environment.get("compiler"), environment.get("cflags"))))
    if environment.get("commit"):
        words = f"commit {environment['commit']}, {words}"
    return words and f" ({words})"


def not_installed(environment):
    """The peers that could not take part."""
    absent = [f"{name} (Debian package {package})" for name, (_, package) in peers.PEERS.items()
              if name not in environment["versions"]]
    return wrapped(f"not installed: {', '.join(absent)}") if absent else []


def number(value):
    if value >= 1000 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 100 else f"{value:.3f}" if value < 10 else f"{value:.2f}"


def medians(record):
    """For each case that has samples, the median of each metric."""
    rows = {case: [sample for sample in samples if sample]
            for case, samples in record["samples"].items()}
    return {case: {metric: statistics.median(sample[metric] for sample in samples)
                   for metric in samples[0]}
            for case, samples in rows.items() if samples}


def cells(row, base, widths):
    """Each metric, and its ratio to the reference row."""
    text = ""
    for metric, width in widths.items():
        ratio = f"{row[metric] / base[metric]:.2f}" if base[metric] else "-"
        text += f"{number(row[metric]):>{width}}{ratio:>6}"
    return text


def table(name, record):
    """The table of a workload, what failed, and which tools have no such mode."""
    workload = workloads.find(name)
    rows = medians(record)
    lines = wrapped(f"{name}: {workload.moves}")
    if rows:
        reference = workload.reference if workload.reference in rows else next(iter(rows))
        lines = wrapped(f"{name}: {workload.moves}; x: ratio to {reference}")
        widths = {metric: max(10, len(metric) + 2) for metric in rows[reference]}
        first = "size" if workload.by_size else "tool"
        space = WIDTH - sum(width + 6 for width in widths.values())
        first_width = min(space, max(map(len, [first, *rows])))
        lines.append(first.ljust(first_width) + "".join(
            f"{metric:>{width}}{'x':>6}" for metric, width in widths.items()))
        for case, row in rows.items():
            if len(case) > first_width:     # options make long names
                lines.append(case)
                case = ""
            lines.append(case.ljust(first_width) + cells(row, rows[reference], widths))
    return lines + failures(record) + absent(record)


def failures(record):
    """A line for each way in which a case failed."""
    return [line for case, reasons in record["failures"].items()
            for reason, times in collections.Counter(reasons).items()
            for line in wrapped(f"failed: {case}: {times} of {record['reps']}: {reason}",
                                indent="    ")]


def absent(record):
    names = record.get("absent")
    return wrapped(f"no such mode: {', '.join(names)}") if names else []
