# SPDX-License-Identifier: ISC
"""Readers of what is logged, and of standard error."""
import fcntl
import os
import socket
import subprocess
import sys
import termios

from registry import script
from sockets import LIMIT, dial, read_all

NASTY = b"x\x1b[31m\x9b\xc2\x9b\xe2\x80\xae\xe2\x80\xa8\t\n\xc3\xa9"


@script
def only_text(*names):
    """Whether files hold lines of what Python calls printable, and no more."""
    for name in names:
        for line in open(name, "rb"):
            text = line.decode().rstrip("\n")
            if not text.isprintable():
                sys.exit(f"{name}: {line!r}")


@script
def nasty_peer(kind, where, what=""):
    """A unix client that is bound to a path, or with @ to an abstract name, of
    the worst bytes; says one thing, and is there until the peer ends."""
    s = socket.socket(socket.AF_UNIX, getattr(socket, "SOCK_" + kind.strip("@")))
    s.bind(b"\0" * kind.startswith("@") + NASTY)
    s.settimeout(LIMIT)
    s.connect(where)
    try:
        s.send(what.encode() + b"\n")
        if s.type == socket.SOCK_STREAM:
            s.shutdown(socket.SHUT_WR)
            sys.stdout.buffer.write(read_all(s))
    except (BrokenPipeError, ConnectionResetError):
        pass


@script
def holds_nasty(name):
    """Whether a file is the worst bytes and nothing else."""
    got = open(name, "rb").read()
    if got != NASTY:
        sys.exit(f"{got!r}")


@script
def nobody_reads(kind, *command):
    """Runs a server whose lines go to a pipe, a socket or a terminal that
    nobody reads, and reads them at the end; prints what became of them."""
    if kind == "pipe":
        ours, theirs = os.pipe()
        fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, 4096)
    elif kind == "terminal":
        import tty
        ours, theirs = os.openpty()
        tty.setraw(theirs)
    else:
        pair = socket.socketpair()
        pair[1].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        ours, theirs = [s.detach() for s in pair]
    child = subprocess.Popen(command, stderr=theirs)
    port = int(os.read(ours, 1000).split()[-1])
    if kind == "terminal":
        termios.tcflow(theirs, termios.TCOOFF)
    for _ in range(200):
        s = dial(str(port))
        s.shutdown(socket.SHUT_WR)
        read_all(s)
        s.close()
    got = b""
    if kind == "terminal":
        termios.tcflow(theirs, termios.TCOON)    # it had taken nothing
    else:
        os.close(theirs)
        got = os.read(ours, 65536)
    s = dial(str(port))
    s.shutdown(socket.SHUT_WR)
    read_all(s)
    while b" lost" not in got:
        got += os.read(ours, 65536)
    child.terminate()
    print("ended with", child.wait(LIMIT))
    lost = [line for line in got.decode().splitlines() if " lost" in line]
    print(*lost)


@script
def stuck_log(*command):
    """A server whose lines nobody reads is told to end; prints how it did."""
    ours, theirs = os.pipe()
    child = subprocess.Popen(command, stderr=theirs)
    port = int(os.read(ours, 1000).split()[-1])
    os.set_blocking(theirs, False)
    try:
        while True:
            os.write(theirs, b"x")
    except BlockingIOError:
        pass
    os.set_blocking(theirs, True)
    s = dial(str(port))
    s.shutdown(socket.SHUT_WR)
    read_all(s)
    child.terminate()
    print("ended with", child.wait(LIMIT))
