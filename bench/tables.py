#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""usage: tables.py [--check] [RESULTS]

Writes the figures of BENCHMARKS.md and README.md, and speed.svg, from a results file:
the newest one in bench/results if none is named. With --check nothing is written; the
status is 1 if a file holds other figures.

In a document, figures stand between two comments:

  <!-- figures: WORKLOAD... -->     a heading, and the table of each
  <!-- ratios: WORKLOAD... -->      sockcat beside each peer
  <!-- end of figures -->
"""
import difflib
import os
import re
import sys

import peers
import plot
import report
import results

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DOCUMENTS = ("BENCHMARKS.md", "README.md")
FIGURE = "bench/speed.svg"
BLOCK = re.compile(r"(<!-- (figures|ratios): ([^>]*?)\s*-->\n).*?(<!-- end of figures -->)", re.S)
SETTINGS = ("reps", "size", "seconds")


def records_of(document, names):
    """The records of those workloads, which one heading describes."""
    missing = [name for name in names if name not in document["workloads"]]
    if missing:
        sys.exit(f"tables: the results have no {', '.join(missing)}")
    records = {name: document["workloads"][name] for name in names}
    first, *others = records.values()
    for record in others:
        if any(record[key] != first[key] for key in SETTINGS):
            sys.exit(f"tables: measured with different settings: {' '.join(names)}")
    return records


def figures(document, names):
    records = records_of(document, names)
    about = document["environment"]
    lines = report.heading(about, records[names[0]]) + report.not_installed(about)
    for name, record in records.items():
        lines += ["", *report.table(name, record)]
    return "```\n" + "\n".join(lines) + "\n```\n"


def ratio(rows, peer):
    """The first metric of sockcat, and its CPU time, as multiples of the peer's."""
    if peer not in rows or "sockcat" not in rows:
        return "–"
    metrics = list(rows["sockcat"])
    chosen = metrics[:1] + [metric for metric in metrics if metric.startswith("CPU")]
    return ", ".join(f"{rows['sockcat'][metric] / rows[peer][metric]:.2f}" for metric in chosen)


def ratios(document, names):
    medians = {name: report.medians(record)
               for name, record in records_of(document, names).items()}
    shown = [peer for peer in peers.PEERS if any(peer in rows for rows in medians.values())]
    lines = ["| workload | " + " | ".join(shown) + " |", "| --- |" + " --- |" * len(shown)]
    for name, rows in medians.items():
        lines.append(f"| `{name}` | " + " | ".join(ratio(rows, peer) for peer in shown) + " |")
    return "\n".join(lines) + "\n"


def picture(document):
    return plot.draw(document["environment"], records_of(document, plot.WORKLOADS)) + "\n"


def filled(text, document):
    """A document with the figures of these results."""
    kinds = {"figures": figures, "ratios": ratios}
    return BLOCK.sub(lambda found: found[1] + kinds[found[2]](document, found[3].split())
                     + found[4], text)


def differs(name, old, new):
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), name,
                                      f"{name} of the results", lineterm="", n=0))
    for line in lines:
        print(line)
    return bool(lines)


def main():
    words = sys.argv[1:]
    checks = words[:1] == ["--check"]
    words = words[checks:]
    if len(words) > 1 or any(word.startswith("-") for word in words):
        sys.exit(__doc__.strip())
    path = results.path_of(words[0]) if words else results.newest()
    if not path:
        sys.exit("tables: no results in bench/results")
    document = results.load(path)
    wrong = False
    for name in (*DOCUMENTS, FIGURE):
        file = os.path.join(TOP, name)
        with open(file) as f:
            old = f.read()
        new = picture(document) if name == FIGURE else filled(old, document)
        if checks:
            wrong = differs(name, old, new) or wrong
        elif new != old:
            with open(file, "w") as f:
                f.write(new)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
