# SPDX-License-Identifier: ISC
"""The table of workloads."""
import re
from dataclasses import dataclass
from typing import Callable

import datagrams
import sessions
import streams


@dataclass
class Workload:
    run: Callable           # of a tool: measures once, and returns metrics by name
    roles: tuple            # that the tool must be able to play
    moves: str              # one line for the report
    stream: bool = False    # the mover takes part by default
    one_core: bool = False  # on several, it would measure wake-ups
    by_size: bool = False   # cases are sizes of one tool; run() takes one, too
    reference: str = "nc.openbsd"   # the case that the ratios are to


TCP, UNIX = ("recv", "send"), ("urecv", "usend")

WORKLOADS = {
    "tcp-pipe": Workload(streams.one_way("tcp", "pipe"), TCP,
                         "pipe, TOOL, TCP, TOOL, pipe", stream=True),
    "tcp-null": Workload(streams.one_way("tcp", "null"), TCP,
                         "pipe, TOOL, TCP, TOOL, /dev/null", stream=True),
    "tcp-file": Workload(streams.one_way("tcp", "file", "file"), TCP,
                         "file, TOOL, TCP, TOOL, file", stream=True),
    "tcp-file-null": Workload(streams.one_way("tcp", "null", "file"), TCP,
                              "file, TOOL, TCP, TOOL, /dev/null", stream=True),
    "tcp-duplex": Workload(streams.duplex, ("dxlisten", "dxconnect"),
                           "both ways at once: pipe, TOOL, TCP, TOOL, pipe", stream=True),
    "unix-pipe": Workload(streams.one_way("unix", "pipe"), UNIX,
                          "pipe, TOOL, unix socket, TOOL, pipe", stream=True),
    "unix-null": Workload(streams.one_way("unix", "null"), UNIX,
                          "pipe, TOOL, unix socket, TOOL, /dev/null", stream=True),
    "unix-file": Workload(streams.one_way("unix", "file", "file"), UNIX,
                          "file, TOOL, unix socket, TOOL, file", stream=True),
    "relay": Workload(streams.relay, ("relay",), "sender, TCP, TOOL, TCP, sink", stream=True),
    "growth": Workload(streams.growth, TCP,
                       "pipe, TOOL, TCP, TOOL, /dev/null, by size of the transfer",
                       by_size=True, reference="256 MiB"),
    "udp": Workload(datagrams.both, ("dsend", "drecv"),
                    "chunks of 1400 bytes, TOOL, UDP, TOOL, pipe"),
    "udp-tx": Workload(datagrams.tx, ("dsend",),
                       "chunks of 1400 bytes, TOOL, UDP, a reader that keeps up"),
    "udp-rx": Workload(datagrams.rx(0), ("drecv",),
                       "datagrams of 1400 bytes, as many as can be sent, TOOL, pipe"),
    "udp-rx-paced": Workload(datagrams.rx(datagrams.PACED), ("drecv",),
                             "datagrams of 1400 bytes, 100000 in a second, TOOL, pipe"),
    "lat-client-1": Workload(sessions.latency_client(1), ("client",),
                             "1 byte to and fro through TOOL, one core", one_core=True),
    "lat-client-64": Workload(sessions.latency_client(64), ("client",),
                              "64 bytes to and fro through TOOL, one core", one_core=True),
    "lat-exec-1": Workload(sessions.latency_exec(1), ("exec",),
                           "1 byte to and fro, TOOL runs /bin/cat, one core", one_core=True),
    "lat-exec-64": Workload(sessions.latency_exec(64), ("exec",),
                            "64 bytes to and fro, TOOL runs /bin/cat, one core", one_core=True),
    "conns": Workload(sessions.connections, ("execmany",),
                      "connect, echo 64 bytes, close; TOOL runs /bin/cat for each"),
    "startup": Workload(sessions.startup, ("probe",),
                        "start, connect to a server that closes at once, exit"),
    "idle": Workload(sessions.idle, ("idle",), "a listener that waits"),
}

DEFAULT = ("tcp-pipe", "tcp-null", "tcp-file", "tcp-duplex", "unix-pipe", "udp-tx", "udp-rx",
           "udp-rx-paced", "lat-client-64", "startup", "idle")


def more_is_better(metric):
    """Rates are; of times, memory and loss less is better."""
    return metric.endswith("/s")


def find(name):
    """The workload of that name, or None. Of growth, which has a table for each tool,
    the tool may follow."""
    name = re.sub(r"^growth .*", "growth", name)
    clients = re.fullmatch(r"hold-([1-9]\d*)", name)
    if clients:
        return Workload(sessions.hold(int(clients[1])), ("execmany",),
                        f"{clients[1]} clients at once; TOOL runs /bin/cat for each")
    return WORKLOADS.get(name)
