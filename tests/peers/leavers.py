# SPDX-License-Identifier: ISC
"""Servers that end before their clients do, or reset them."""
import select
import socket
import struct
import sys
import time

from registry import script
from sockets import AT_ONCE, LIMIT, fcntl_outq, listener, reset, socket_at


@script
def answer_and_reset(size):
    """Sends that many bytes, waits until they have arrived, resets: not before
    a client could see that it is connected."""
    c = listener().accept()[0]
    select.select([c], [], [], AT_ONCE / 10)
    c.sendall(b"x" * int(size))
    while struct.unpack("i", fcntl_outq(c))[0]:
        time.sleep(0.001)
    reset(c)


@script
def close_over_unread():
    """Answers before it has read its input, and closes over it."""
    c = listener().accept()[0]
    select.select([c], [], [], LIMIT)
    c.sendall(b"x" * 100000)
    c.close()


@script
def resets_after(count):
    """Resets its first client when that many bytes have come."""
    c = listener().accept()[0]
    left = int(count)
    while left > 0:
        left -= len(c.recv(left))
    reset(c)


@script
def ends_first(kind, where=None):
    """Greets, ends, and prints what it still gets."""
    s, _ = socket_at(kind, where)
    c = s.accept()[0]
    c.sendall(b"greeting\n")
    c.shutdown(socket.SHUT_WR)
    while data := c.recv(65536):
        sys.stdout.write(data.decode())
    sys.stdout.flush()


@script
def leaves_unread(kind, where=None):
    """A target that ends its side with a client's bytes unread, then resets it
    by closing, as soon as something has come."""
    s, _ = socket_at(kind, where)
    c = s.accept()[0]
    select.select([c], [], [], LIMIT)
    c.shutdown(socket.SHUT_WR)
    time.sleep(0.05)
    c.close()


@script
def says_and_leaves(path, size):
    """Sends so many bytes and closes, whatever its client does."""
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen()
    print("ready", flush=True)
    c = s.accept()[0]
    c.sendall(b"x" * int(size))
    c.close()
