# SPDX-License-Identifier: ISC
"""Workloads that are about starting, answering, and being there."""
import os
import select
import shutil
import subprocess
import time

import settings
from peers import command, helpers
from processes import Failed, Process, helper, new_port, silent_pipe, until_bound

STARTS = 100


def latency_client(size):
    def run(spec):
        port = new_port()
        until_bound("tcp", port, helper("echo", port))
        driver = helper("pingpong-command", size, settings.SECONDS_EACH, "--",
                        *command(spec, "client", port=port))
        return {"round trips/s": driver.numbers_said()[0]}
    return run


def latency_exec(size):
    def run(spec):
        port = new_port()
        until_bound("tcp", port, Process("listener", command(spec, "exec", port=port)))
        return {"round trips/s": helper("pingpong", port, size,
                                        settings.SECONDS_EACH).numbers_said()[0]}
    return run


def connections(spec):
    port = new_port()
    until_bound("tcp", port, Process("listener", command(spec, "execmany", port=port)))
    return {"connections/s": helper("connect", port, settings.SECONDS_EACH).numbers_said()[0]}


def session_memory(leader):
    """Proportional memory in MB, and the number, of all processes in a session."""
    pss = count = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getsid(int(pid)) == leader:
                with open(f"/proc/{pid}/smaps_rollup") as f:
                    pss += next(int(line.split()[1]) for line in f if line.startswith("Pss:"))
                count += 1
        except (OSError, StopIteration):
            continue
    return pss / 1024, count


def hold(clients):
    def run(spec):
        port = new_port()
        server = Process("listener", command(spec, "execmany", port=port))
        until_bound("tcp", port, server)
        driver = Process("driver", helpers("hold", port, clients), stdin=subprocess.PIPE,
                       stdout=subprocess.PIPE)
        stdin, stdout = driver.popen.stdin, driver.popen.stdout
        with stdin:
            if not select.select([stdout], [], [], settings.PATIENCE)[0]:
                raise Failed("the clients are not all served")
            first = stdout.readline().split()
            if len(first) != 2:
                driver.wait()
                raise Failed("the clients are not all served")
            pss, count = session_memory(server.pid)
            stdin.write(b"\n")
        return {
            "all echoed ms": float(first[1]) * 1e3,
            "once more ms": driver.numbers_said()[0] * 1e3,
            "PSS MB": pss,
            "processes": count,
        }
    return run


def startup(spec):
    port = new_port()
    until_bound("tcp", port, helper("accept-close", port))
    driver = helper("spawn", STARTS, "--", *command(spec, "probe", port=port))
    return {"ms": driver.numbers_said()[0] * 1e3}


def idle(spec):
    port = new_port()
    argv = command(spec, "idle", port=port)
    stdin = silent_pipe()
    server = Process("listener", argv, stdin=stdin)
    os.close(stdin)
    until_bound("tcp", port, server)
    time.sleep(0.05)
    with open(f"/proc/{server.pid}/smaps_rollup") as f:
        fields = {line.split(":")[0]: line.split()[1] for line in f.readlines()[1:]}
    binary = os.path.realpath(shutil.which(argv[0]))
    libraries = subprocess.run(["ldd", binary], capture_output=True, text=True, check=False)
    return {
        "RSS KB": int(fields["Rss"]),
        "private KB": int(fields["Private_Dirty"]) + int(fields["Private_Clean"]),
        "binary KB": os.stat(binary).st_size / 1024,
        "libraries": libraries.stdout.count("=> /"),
    }
