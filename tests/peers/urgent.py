# SPDX-License-Identifier: ISC
"""Servers that send urgent bytes."""
import socket

from registry import script
from sockets import drained, listener, read_all


@script
def urgent(size):
    """Sends that many bytes with an urgent one among them, and ends."""
    c = listener().accept()[0]
    for _ in range(8):
        c.sendall(b"x" * (int(size) // 8))
        c.send(b"!", socket.MSG_OOB)
    c.shutdown(socket.SHUT_WR)
    c.recv(1)


@script
def urgent_line(text, mark):
    """Sends text with an urgent byte in its middle, and ends."""
    c = listener().accept()[0]
    half = len(text) // 2
    c.sendall(text[:half].encode())
    c.send(mark.encode(), socket.MSG_OOB)
    c.sendall(text[half:].encode())
    c.shutdown(socket.SHUT_WR)
    read_all(c)


@script
def telnet_synch(shape):
    """Sends telnet's Synch, RFC 854: IAC, and DM as the urgent byte."""
    c = listener().accept()[0]
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    c.sendall(b"before ")
    if shape == "at-once":
        c.send(b"it\xff\xf2", socket.MSG_OOB)
        c.sendall(b" after\n")
    else:
        for byte in b"it\xff":
            c.sendall(bytes([byte]))
            drained(c)
        c.send(b"\xf2", socket.MSG_OOB)
        drained(c)
        for byte in b" after\n":
            c.sendall(bytes([byte]))
            drained(c)
    c.shutdown(socket.SHUT_WR)
    c.recv(1)
