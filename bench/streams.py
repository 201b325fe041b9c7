# SPDX-License-Identifier: ISC
"""Workloads that move a stream of bytes."""
import filecmp
import os
import time

import settings
from peers import command, helpers, paths
from processes import (Failed, Process, Stayed, helper, new_path, new_port, silent_pipe,
                       unix_bound, until, until_bound)

GEN_CHUNK = 131072


class NoSpace(Exception):
    """The machine cannot do this workload at all."""


def scratch(name):
    return f"{settings.TMPFS}/{os.path.basename(paths['work'])}.{name}"


def remove_files():
    for name in ("in", "out"):
        if os.path.exists(scratch(name)):
            os.unlink(scratch(name))


def need_space():
    files = os.statvfs(settings.TMPFS)
    if files.f_bavail * files.f_frsize < 2 * settings.SIZE:
        raise NoSpace(f"{settings.TMPFS} has no space for twice SIZE")


def source_file(size):
    path = scratch("in")
    if not os.path.exists(path):
        block = os.urandom(1 << 20)
        with open(path, "wb") as f:
            for start in range(0, size, len(block)):
                f.write(block[:size - start])
    return os.open(path, os.O_RDONLY)


def feed(size, w):
    """Writes into a pipe; w is closed here."""
    generator = Process("generator", helpers("generate", size, GEN_CHUNK), stdout=w)
    os.close(w)
    return generator


def drain():
    """Counts what comes out of a pipe, whose writing end is returned with it."""
    r, w = os.pipe()
    counter = helper("drain", stdin=r)
    os.close(r)
    return counter, w


def compare(got, size):
    if got != size:
        raise Failed(f"bytes lost: {int(got)} of {size} arrived")


def measured(role, argv, usage, **fds):
    """A sender or a receiver; with usage, its memory is measured, too."""
    what = "sender" if role.endswith("send") else "receiver"
    report = f"{paths['work']}/{what}.usage"
    return Process(what, helpers("usage", report, "--", *argv) if usage else argv, **fds), report


def open_sink(kind, size):
    """Where the receiver writes: null, pipe or file. With a pipe, what counts its bytes."""
    if kind == "pipe":
        return drain()[::-1]
    if kind == "null":
        return os.open(os.devnull, os.O_WRONLY), None
    w = os.open(scratch("out"), os.O_WRONLY | os.O_CREAT, 0o600)
    # Its pages exist before: fresh ones cost more than the transfer, and vary.
    os.posix_fallocate(w, 0, size)
    return w, None


def start_receiver(spec, family, values, stdout, usage):
    """Returns once it listens."""
    role = "urecv" if family == "unix" else "recv"
    stdin = silent_pipe()
    server, report = measured(role, command(spec, role, **values), usage,
                              stdin=stdin, stdout=stdout)
    os.close(stdin)
    if family == "unix":
        until(lambda: unix_bound(values["path"]), server)
    else:
        until_bound("tcp", values["port"], server)
    return server, report


def run_sender(spec, family, values, source, size, usage):
    """Returns once it has sent all of its input, from a pipe or a file."""
    role = "usend" if family == "unix" else "send"
    stdin, w = (source_file(size), None) if source == "file" else os.pipe()
    client, report = measured(role, command(spec, role, **values), usage, stdin=stdin)
    os.close(stdin)
    generator = feed(size, w) if w is not None else None
    client.wait()
    if generator:
        generator.wait()
    return client, report


def compare_files(w, source, size):
    compare(os.lseek(w, 0, os.SEEK_CUR), size)      # the offset is shared with the server
    if source == "file" and not filecmp.cmp(scratch("in"), scratch("out"), shallow=False):
        raise Failed("other bytes arrived than were sent")


def transfer(spec, family, sink, source="pipe", size=None, usage=False):
    """One way. sink: null, pipe or file; source: pipe or file. Returns the seconds
    that it took, and the sender and the receiver with their reports."""
    size = size or settings.SIZE
    values = {"path": new_path()} if family == "unix" else {"port": new_port()}
    if "file" in (sink, source):
        need_space()
    if source == "file":
        os.close(source_file(size))     # its making takes no part
    w, counter = open_sink(sink, size)
    try:
        receiver = start_receiver(spec, family, values, w, usage)
        if sink == "pipe":
            os.close(w)     # the receiver has the last one
            w = None
        start = time.monotonic()
        sender = run_sender(spec, family, values, source, size, usage)
        receiver[0].wait()
        if counter:
            compare(counter.numbers_said()[0], size)
        elapsed = time.monotonic() - start
        if sink == "file":
            compare_files(w, source, size)
    finally:
        if w is not None:
            os.close(w)
        if family == "unix" and os.path.exists(values["path"]):
            os.unlink(values["path"])
    return elapsed, sender, receiver


def one_way(*ends):
    def run(spec):
        elapsed, (client, _), (server, _) = transfer(spec, *ends)
        gigabytes = settings.SIZE / 1e9
        return {
            "MB/s": settings.SIZE / elapsed / 1e6,
            "CPU s/GB": (client.cpu + server.cpu) / gigabytes,
            "sender s/GB": client.cpu / gigabytes,
            "receiver s/GB": server.cpu / gigabytes,
        }
    return run


def duplex(spec):
    """Half of SIZE in each direction at once, pipes at both ends."""
    port, half = new_port(), settings.SIZE // 2
    ends, counters, feeding = [], [], []
    for role in ("dxlisten", "dxconnect"):
        if ends:
            until_bound("tcp", port, ends[0])
            start = time.monotonic()
        stdin, w = os.pipe()
        counter, stdout = drain()
        ends.append(Process("listener" if role == "dxlisten" else "client",
                          command(spec, role, port=port), stdin=stdin, stdout=stdout))
        counters.append(counter)
        feeding.append(w)
        os.close(stdin)
        os.close(stdout)
    generators = [feed(half, w) for w in feeding]
    for counter in counters:
        compare(counter.numbers_said()[0], half)
    elapsed = time.monotonic() - start
    for process in generators + ends:
        process.wait()
    return {
        "MB/s": settings.SIZE / elapsed / 1e6,
        "CPU s/GB": sum(end.cpu for end in ends) / (settings.SIZE / 1e9),
    }


def relay(spec):
    port, target = new_port(), new_port()
    until_bound("tcp", target, helper("discard", target))
    server = Process("relay", command(spec, "relay", port=port, target=target))
    until_bound("tcp", port, server)
    start = time.monotonic()
    helper("send", port, settings.SIZE).wait()
    elapsed = time.monotonic() - start
    try:
        server.wait(2)
    except Stayed:
        pass            # some go on to listen; their time counts all the same
    return {
        "MB/s": settings.SIZE / elapsed / 1e6,
        "CPU s/GB": server.cpu / (settings.SIZE / 1e9),
    }


# Smaller transfers are repeated until they add up to this.
GROWTH_LEAST = 256 << 20
GROWTH_SIZES = {"1 MiB": 1 << 20, "16 MiB": 16 << 20, "256 MiB": 256 << 20,
                "1 GiB": 1 << 30, "4 GiB": 4 << 30}


START_TIMES = 25


def transfers(spec, size, times):
    """Seconds, CPU seconds, and the peaks of both ends, of so many transfers."""
    seconds = cpu = 0
    peaks = [0, 0]
    for _ in range(times):
        elapsed, *both = transfer(spec, "tcp", "null", size=size, usage=True)
        seconds += elapsed
        for i, (_, report) in enumerate(both):
            with open(report) as f:
                used, peak = f.read().split()
            cpu += float(used)
            peaks[i] = max(peaks[i], int(peak))
    return seconds, cpu, peaks


def growth(spec, size):
    """What a transfer of this size costs, with the start of both ends and without."""
    times = max(1, GROWTH_LEAST // size)
    seconds, cpu, peaks = transfers(spec, size, times)
    start = transfers(spec, 1, START_TIMES)[1] / START_TIMES
    gigabytes = times * size / 1e9
    return {
        "MB/s": times * size / seconds / 1e6,
        "CPU s/GB": cpu / gigabytes,
        "less start": (cpu - times * start) / gigabytes,
        "sender KB": peaks[0],
        "receiver KB": peaks[1],
    }
