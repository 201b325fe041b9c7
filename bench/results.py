# SPDX-License-Identifier: ISC
"""Results: every sample of a run of the benchmark, and where it was measured.

A file holds one JSON object:

  environment   cpu, cores, kernel, the versions of the tools; commit, compiler, cflags of
                sockcat, or sha256 of two binaries: the same for all in the file
  workloads     by name: date, load, reps, size (bytes), seconds; samples of each tool,
                metrics by name, null for a run that failed; failures: why; absent: the
                tools that have no such mode
"""
import glob
import json
import os
import subprocess
import sys

import settings

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "results")


def cpu_model():
    with open("/proc/cpuinfo") as f:
        for line in f:
            if line.startswith(("model name", "Model", "cpu model")):
                return line.partition(":")[2].strip()
    return os.uname().machine


def compiler():
    said = subprocess.run([*settings.CC, "--version"], capture_output=True, text=True, check=False)
    return said.stdout.partition("\n")[0]


def environment(versions):
    return {
        "cpu": cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": f"{os.uname().sysname} {os.uname().release}",
        "versions": versions,
    }


def build():
    """What sockcat was built from and with: make says so."""
    return {"commit": settings.COMMIT, "compiler": compiler(), "cflags": settings.CFLAGS}


def path_of(name):
    """A bare name is one in bench/results."""
    return name if os.path.dirname(name) else os.path.join(FOLDER, name)


def newest():
    """The last one by name, which begins with the date."""
    names = glob.glob(os.path.join(FOLDER, "[0-9]*.json"))
    return max(names) if names else None


def load(path):
    with open(path) as f:
        return json.load(f)


def text(value, indent=""):
    """JSON in which whatever holds no list or object of its own is one line."""
    inner = value.values() if isinstance(value, dict) else value
    if not isinstance(value, (dict, list)) or not any(isinstance(v, (dict, list)) for v in inner):
        return json.dumps(value)
    deeper = indent + " "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {text(v, deeper)}" for key, v in value.items()]
    else:
        parts = [text(v, deeper) for v in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return opening + ",".join(f"\n{deeper}{part}" for part in parts) + f"\n{indent}{closing}"


def rounded(value):
    """More than six digits of a measurement mean nothing."""
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


class Results:
    """What is measured now; with a path it is added to a file after each workload."""

    def __init__(self, about, path=None):
        self.path = path and path_of(path)
        self.document = {"environment": about, "workloads": {}}
        if not self.path or not os.path.exists(self.path):
            return
        self.document = load(self.path)
        before = self.document["environment"]
        other = [key for key in about if about[key] != before.get(key)]
        if other:
            sys.exit(f"bench: {path} was measured with other {', '.join(other)};"
                     " choose another file")

    def add(self, name, record):
        """In place of an earlier record of that workload."""
        self.document["workloads"][name] = rounded(record)
        if not self.path:
            return
        with open(f"{self.path}.new", "w") as f:
            f.write(text(self.document) + "\n")
        os.replace(f"{self.path}.new", self.path)
