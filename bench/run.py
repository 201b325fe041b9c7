# SPDX-License-Identifier: ISC
"""What both commands share: arguments that are checked, helpers that are compiled
into a folder of their own, and an end in good order."""
import shutil
import signal
import subprocess
import sys
import tempfile

import peers
import workloads


def check(names, specs):
    """Ends the program if there is no such workload or tool."""
    for name in names:
        if not workloads.find(name):
            sys.exit(f"bench: no workload '{name}'; there are "
                     f"{' '.join(workloads.WORKLOADS)} hold-N")
    for spec in specs:
        name = peers.name_of(spec)
        if name not in peers.COMMANDS and not (peers.is_path(name) and shutil.which(name)):
            sys.exit(f"bench: no tool '{name}'; there are {' '.join(peers.COMMANDS)}, and the"
                     " paths of binaries, with a slash")


def main(measure_all):
    """Calls it, and exits with 0 if it returns true."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    try:
        with tempfile.TemporaryDirectory(prefix="bench.") as folder:
            peers.build(folder)
            sys.exit(0 if measure_all() else 1)
    except subprocess.CalledProcessError:
        sys.exit("bench: the helpers do not compile")
    except KeyboardInterrupt:
        sys.exit(130)
