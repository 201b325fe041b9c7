# SPDX-License-Identifier: ISC
"""Processes of our own, and the ports and pipes that they are given."""
import fcntl
import itertools
import os
import random
import select
import signal
import subprocess
import time

import settings
from peers import helpers, paths


class Failed(Exception):
    """The tool did not do what the workload wants; there is no figure."""


class Stayed(Failed):
    """It did not end by itself."""


class Process:
    """A process in a session of its own. Its CPU time includes that of the children
    that it waited for. What it says on standard error is kept for the report."""

    live = []
    numbers = itertools.count()

    def __init__(self, what, argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL):
        self.what = what
        self.cpu = self.status = self.last_word = self.output = None
        self.said = f"{paths['work']}/said.{next(self.numbers)}"
        with open(self.said, "wb") as said:
            self.popen = subprocess.Popen(argv, stdin=stdin, stdout=stdout, stderr=said,
                                          start_new_session=True)
        self.pid = self.popen.pid
        self.live.append(self)

    def wait(self, limit=settings.PATIENCE):
        """Waits for the end by itself, and for success."""
        fd = os.pidfd_open(self.pid)
        ended = select.select([fd], [], [], limit)[0]
        os.close(fd)
        self.finish(kill=not ended)
        if not ended:
            raise self.failed("does not end", Stayed)
        if self.status:
            how = f"status {self.status}" if self.status > 0 else f"signal {-self.status}"
            raise self.failed(f"ends with {how}")
        return self

    def failed(self, how, kind=Failed):
        """An exception that quotes the process's last word."""
        return kind(f"the {self.what} {how}" + (self.last_word and f": {self.last_word}"))

    def finish(self, kill=True):
        """Ends it if it has not ended, and gathers what it leaves."""
        if self.status is not None:
            return
        for sig in (signal.SIGTERM, signal.SIGKILL) if kill else ():
            try:
                os.killpg(self.pid, sig)
            except ProcessLookupError:
                pass
            time.sleep(0.02)
        _, status, usage = os.wait4(self.pid, 0)
        self.status = self.popen.returncode = os.waitstatus_to_exitcode(status)
        self.cpu = usage.ru_utime + usage.ru_stime
        self.live.remove(self)
        if self.popen.stdout:
            with self.popen.stdout as out:
                self.output = out.read().decode()
        with open(self.said, errors="replace") as said:
            lines = [line.strip() for line in said if line.strip()]
        os.unlink(self.said)
        self.last_word = lines[-1] if lines else ""

    def numbers_said(self, limit=settings.PATIENCE):
        self.wait(limit)
        return [float(word) for word in self.output.split()]


def helper(*words, stdin=subprocess.DEVNULL):
    """A sub-command of the helpers, whose output can be had as numbers."""
    return Process(words[0], helpers(*words), stdin=stdin, stdout=subprocess.PIPE)


def clean_up():
    """Ends what is still running, and closes the pipes that were kept open."""
    for process in list(Process.live):
        process.finish()
    while kept:
        os.close(kept.pop())


kept = []


def silent_pipe():
    """An input that stays open and says nothing: to some tools its end is the end."""
    r, w = os.pipe()
    kept.append(w)
    return r


def packet_pipe():
    """Each write is one packet, and each read returns one, whatever the buffer."""
    r, w = os.pipe2(os.O_DIRECT | os.O_CLOEXEC)
    fcntl.fcntl(w, fcntl.F_SETPIPE_SZ, 1 << 20)
    return r, w


ports = itertools.count(random.randrange(10000, 25000))


def sockets(kind):
    for suffix in ("", "6"):
        try:
            with open(f"/proc/net/{kind}{suffix}") as table:
                for line in table.readlines()[1:]:
                    fields = line.split()
                    yield int(fields[1].rpartition(":")[2], 16), fields[3]
        except FileNotFoundError:
            pass


def new_port():
    """Port numbers count up, and each is checked to be free."""
    taken = {port for kind in ("tcp", "udp") for port, _ in sockets(kind)}
    return next(port for port in ports if port not in taken)


def new_path():
    return f"{paths['work']}/socket.{next(Process.numbers)}"


def bound(kind, port):
    return (port, "0A" if kind == "tcp" else "07") in sockets(kind)


def unix_bound(path):
    with open("/proc/net/unix") as table:
        return any(line.rstrip().endswith(path) and line.split()[3] == "00010000"
                   for line in table)


def until(ready, process):
    """Waits until the process listens."""
    end = time.monotonic() + 5
    while not ready():
        if time.monotonic() > end or os.waitid(
                os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ready():
                return
            process.finish()
            raise process.failed("does not listen")
        time.sleep(0.002)


def until_bound(kind, port, process):
    until(lambda: bound(kind, port), process)
