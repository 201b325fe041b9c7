# SPDX-License-Identifier: ISC
"""Servers that say nothing more, or read nothing."""
import select
import socket
import time

from registry import script
from sockets import LIMIT, MARK, listener, read_all, send_until_closed


@script
def one_line_then_wait():
    """Sends one line, then nothing until the peer goes away."""
    c = listener().accept()[0]
    c.sendall(b"line\n")
    c.recv(1)


@script
def one_line_then_silence():
    """Sends one line, reads nothing, and stays."""
    c = listener().accept()[0]
    c.sendall(b"line\n")
    time.sleep(LIMIT)


@script
def floods_unread():
    """Sends all the time and reads nothing."""
    s = listener()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    c = s.accept()[0]
    send_until_closed(c)


@script
def bulk_then_one(size):
    """Sends that many bytes, then, when a byte has come, one, and stays."""
    c = listener().accept()[0]
    c.sendall(b"x" * int(size))
    c.recv(1)
    c.sendall(MARK)
    time.sleep(LIMIT)


@script
def unread(seconds):
    """Accepts and reads nothing."""
    c = listener().accept()[0]
    time.sleep(float(seconds))
    c.close()


@script
def reads_and_stays():
    """Reads to the client's end, then says nothing and stays."""
    c = listener().accept()[0]
    read_all(c)
    time.sleep(2 * LIMIT)


@script
def never_accepts():
    """A listener whose queue is full, so that nobody can connect."""
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    s.listen(0)
    held = []
    for _ in range(8):
        c = socket.socket()
        c.setblocking(False)
        c.connect_ex(s.getsockname())
        held.append(c)
    while sum(select.select([], [c], [], 0)[1] != [] for c in held) < 1:
        pass
    print(s.getsockname()[1], flush=True)
    time.sleep(2 * LIMIT)


@script
def stops_reading(path):
    """Shuts its reading side, sends a line, and stays."""
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen()
    print("ready", flush=True)
    c = s.accept()[0]
    c.shutdown(socket.SHUT_RD)
    c.sendall(b"first\n")
    time.sleep(LIMIT)
