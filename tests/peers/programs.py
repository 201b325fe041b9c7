# SPDX-License-Identifier: ISC
"""Programs under test, and what the system says of them."""
import ctypes
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys

from sockets import LIMIT, fcntl_outq, until


def as_from_a_shell():
    """For a child: signals as a shell leaves them, and no core files."""
    import resource
    import signal
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_client(server, command, **how):
    """A command that connects to a server, and the connection."""
    how.setdefault("preexec_fn", as_from_a_shell)
    child = subprocess.Popen([*command, "127.0.0.1", str(server.getsockname()[1])], **how)
    until(lambda: select.select([server], [], [], 0)[0] or child.poll() is not None, "connecting")
    if child.poll():
        sys.exit("does not connect")
    c = server.accept()[0]
    c.settimeout(LIMIT)
    return child, c


def run_server(command, host="127.0.0.1", **how):
    """A command that listens, and its port."""
    child = subprocess.Popen([*command, "-v", "-l", host, "0"], stderr=subprocess.PIPE,
                             preexec_fn=as_from_a_shell, **how)
    while not (said := re.search(rb"Listening on \S+ (\d+)", line := child.stderr.readline())):
        if not line:
            sys.exit("does not listen")
    return child, int(said[1])


def sockets_of(pid):
    """Internet sockets of another process, each as a descriptor of ours that
    is gone afterwards."""
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    pidfd_getfd = 438    # pidfd_getfd(2) has no wrapper in older libraries
    process = os.pidfd_open(int(pid))
    try:
        for name in sorted(os.listdir(f"/proc/{pid}/fd"), key=int):
            if not os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:"):
                continue
            fd = libc.syscall(pidfd_getfd, process, int(name), 0)
            if fd == -1:
                continue
            with socket.socket(fileno=fd) as s:
                if s.family in (socket.AF_INET, socket.AF_INET6):
                    yield s
    finally:
        os.close(process)


def lingers(pid):
    """Whether closing a connection of that process resets it."""
    return any(s.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER) for s in sockets_of(pid)
               if not s.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def queued(pid):
    """Bytes that its connection has taken and the peer's system has not."""
    return sum(struct.unpack("i", fcntl_outq(s))[0] for s in sockets_of(pid)
               if not s.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def read_pipe(fd, length):
    while length > 0:
        length -= len(os.read(fd, length))


def memory_of(pid):
    """Resident memory of a process, in KB."""
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])


def open_in(pid):
    return sorted(os.readlink(f"/proc/{pid}/fd/{n}") for n in os.listdir(f"/proc/{pid}/fd") if os.path.exists(f"/proc/{pid}/fd/{n}"))


def kept(pid, mark):
    return [name for name in open_in(pid) if mark in name]
