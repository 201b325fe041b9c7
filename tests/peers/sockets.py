# SPDX-License-Identifier: ISC
"""What all scripts use: sockets, conditions, and ends."""
import fcntl
import os
import select
import socket
import struct
import sys
import termios
import threading
import time

LIMIT = float(os.environ.get("LIMIT", "20"))    # seconds that anything may take
MARK = b"m"
AT_ONCE = LIMIT / 10


def listener(kind=socket.SOCK_STREAM):
    s = socket.socket(socket.AF_INET, kind)
    s.bind(("127.0.0.1", 0))
    if kind == socket.SOCK_STREAM:
        s.listen(16)
    print(s.getsockname()[1], flush=True)
    return s


def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def fcntl_outq(s):
    return fcntl.ioctl(s, termios.TIOCOUTQ, b"\0" * 4)


def drained(s):
    """Waits until the peer's system has acknowledged all."""
    while struct.unpack("i", fcntl_outq(s))[0]:
        time.sleep(0.001)


def unread_in(s):
    return struct.unpack("i", fcntl.ioctl(s, termios.FIONREAD, b"\0" * 4))[0]


def to_end(s, pause=0):
    """Reads to the end: how many bytes there were, and what end that was."""
    count = 0
    try:
        while data := s.recv(65536):
            count += len(data)
            time.sleep(pause)
    except ConnectionResetError:
        return count, "reset"
    return count, "end"


def is_over(s):
    """Whether the other side has ended, what it sent left aside."""
    try:
        return s.recv(65536) == b""
    except ConnectionResetError:
        return True


def socket_at(kind, where=None):
    """A socket of a kind that is listening or bound, at an address or a path;
    prints its port or path."""
    stream = {"tcp": True, "tcp6": True, "unix": True, "seqpacket": True}.get(kind, False)
    family = {"tcp6": socket.AF_INET6, "udp6": socket.AF_INET6,
              "tcp": socket.AF_INET, "udp": socket.AF_INET}.get(kind, socket.AF_UNIX)
    types = {"seqpacket": socket.SOCK_SEQPACKET}
    s = socket.socket(family, types.get(kind, socket.SOCK_STREAM if stream else socket.SOCK_DGRAM))
    if family == socket.AF_UNIX:
        s.bind(where)
    else:
        s.bind((where or ("::1" if family == socket.AF_INET6 else "127.0.0.1"), 0))
    if stream:
        s.listen(4096)
    print(where if family == socket.AF_UNIX else s.getsockname()[1], flush=True)
    return s, stream


def each_client(s, serve):
    while True:
        c = s.accept()[0]
        threading.Thread(target=serve, args=(c,), daemon=True).start()


def serve_echo(c):
    try:
        while data := c.recv(65536):
            c.sendall(data)
        c.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    c.close()


def dial(where):
    """Connects to a port or a path."""
    if where.isdigit():
        s = socket.create_connection(("127.0.0.1", int(where)), LIMIT)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    else:
        s = socket.socket(socket.AF_UNIX)
        s.connect(where)
    s.settimeout(LIMIT)
    return s


def read_exactly(s, length):
    got = b""
    while len(got) < length:
        data = s.recv(length - len(got))
        if not data:
            sys.exit(f"ended after {got!r}")
        got += data
    return got


def read_all(s):
    got = b""
    while data := s.recv(65536):
        got += data
    return got


def send_until_closed(s):
    """Sends lines until the peer goes away."""
    try:
        while True:
            s.sendall(b"line\n" * 4096)
    except OSError:
        pass


def is_quiet(s):
    return not select.select([s], [], [], 0)[0]


def until_seen(s, mark, buffer):
    """Reads on to a mark, whatever stands before it."""
    while mark not in buffer:
        data = s.recv(1 << 18)
        if not data:
            sys.exit("ended")
        buffer = buffer[-len(mark):] + data
    return buffer.split(mark, 1)[1]


def until(condition, what="it"):
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"{what} does not happen")
        time.sleep(0.001)
