# SPDX-License-Identifier: ISC
"""Clients that ask, pause, reset, and send too much."""
import hashlib
import os
import select
import socket
import struct
import sys
import threading
import time

from registry import script
from sockets import LIMIT, MARK, dial, fcntl_outq, read_all, reset, to_end


@script
def send_bytes(where, text, how="close"):
    """Sends text and goes away: by close, or by reset when it has come in."""
    s = dial(where)
    s.sendall(text.encode().decode("unicode_escape").encode())
    if how == "reset":
        while struct.unpack("i", fcntl_outq(s))[0]:
            time.sleep(0.001)
        print("sent", flush=True)
        sys.stdin.readline()
        reset(s)


@script
def send_then_read(where, size):
    """Sends that many bytes while nobody may be reading them, and then reads
    to the end, which must not be a reset; prints how many bytes came.  Returns
    75 if this process stood still for so long that the server gave it up."""
    s = dial(where)
    s.setblocking(False)
    left = int(size)
    start = time.monotonic()
    try:
        while left > 0:
            left -= s.send(b"x" * min(left, 65536))
    except BlockingIOError:
        pass
    s.settimeout(LIMIT)
    time.sleep(0.1)    # the more has come in meanwhile, the harder it is
    if time.monotonic() - start > 1:
        return 75
    print(len(read_all(s)))
    return 0


@script
def sends_until_told(where, size):
    """Sends that many bytes; prints how the connection ended: 'reset', or
    'end' if the other side ended it properly."""
    s = dial(where)
    try:
        s.sendall(b"x" * int(size))
        s.settimeout(LIMIT)
        while s.recv(65536):
            pass
        # An end so far.  A reset may be behind it.
        select.select([s], [], [], 1)
        for _ in range(50):
            s.sendall(b"x")
            time.sleep(0.02)
        print("end")
    except OSError:
        print("reset")


@script
def says_and_waits(port, words=""):
    """A client that says something, reads, and prints what end it sees."""
    c = socket.create_connection(("127.0.0.1", int(port)))
    c.settimeout(LIMIT)
    c.sendall(words.encode())
    print(to_end(c)[1], flush=True)


@script
def how_it_ends(where, text=""):
    """A client that sends text and reads; prints how many bytes came, and by
    what they ended."""
    got, end = 0, "end"
    try:
        s = dial(where)
        s.sendall(text.encode())
        while data := s.recv(65536):
            got += len(data)
    except ConnectionError:
        end = "reset"
    print(got, end)


@script
def met_by_reset(port):
    """A client that sends a byte and prints how the connection ends."""
    c = socket.create_connection(("127.0.0.1", int(port)))
    c.settimeout(LIMIT)
    try:
        c.sendall(MARK)
        print("end" if c.recv(1) == b"" else "data")
    except ConnectionResetError:
        print("reset")


@script
def reset_when_answered(port):
    """A client that resets when a byte has come."""
    c = socket.create_connection(("127.0.0.1", int(port)))
    c.recv(1)
    reset(c)


@script
def goes_on_sending(port, seconds):
    """Sends without a pause worth the name for so long, whatever happens."""
    end = time.monotonic() + float(seconds)
    with socket.create_connection(("127.0.0.1", int(port))) as s:
        while time.monotonic() < end:
            try:
                s.send(b"x" * 100)
            except OSError:
                return
            time.sleep(0.02)


@script
def reads_slowly(where, size):
    """Reads that much at a megabyte a second, and sends a byte now and then;
    prints how much there was."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20000)
    s.connect(("127.0.0.1", int(where)))
    s.settimeout(LIMIT)
    got = 0
    while data := s.recv(20000):
        got += len(data)
        if got < int(size) / 2:
            s.send(b"x")
        time.sleep(len(data) / 1e6)
    print(got)


@script
def pauses_with(seconds, *ports):
    """Clients with small buffers that leave their sides open, read nothing for
    so long, and then to the end; prints how much there was and what end."""
    clients = []
    for port in ports:
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(("127.0.0.1", int(port)))
        s.settimeout(LIMIT)
        clients.append(s)
    time.sleep(float(seconds))
    for s in clients:
        print(*to_end(s))


@script
def read_size(where, size):
    """Reads to the end; prints how many of that many bytes are missing, and
    the sum of those that came."""
    import hashlib
    s = dial(where)
    hashed = hashlib.sha256()
    while data := s.recv(1 << 20):
        hashed.update(data)
        size = int(size) - len(data)
    print(size, hashed.hexdigest())


@script
def halves(where, count):
    """Two clients write halves of lines in turns."""
    a, b = dial(where), dial(where)
    for number in range(int(count)):
        a.sendall(b"a%d " % number)
        b.sendall(b"b%d " % number)
        a.sendall(b"a%d\n" % number)
        b.sendall(b"b%d\n" % number)


@script
def both_ways(port, size):
    """Sends that many bytes to an echo while it reads, and compares."""
    import hashlib
    c = socket.create_connection(("127.0.0.1", int(port)))
    c.settimeout(LIMIT)
    block = os.urandom(1 << 20)
    sent, got, count = hashlib.sha256(), hashlib.sha256(), 0

    def send():
        for number in range(int(size) >> 20):
            data = number.to_bytes(4, "big") + block[4:]
            sent.update(data)
            c.sendall(data)
        c.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send)
    sender.start()
    while data := c.recv(1 << 20):
        got.update(data)
        count += len(data)
    sender.join()
    print(count, "same" if sent.digest() == got.digest() else "different")


@script
def echoed_clients(port, count):
    """That many clients at once, each with words of its own."""
    clients = [socket.create_connection(("127.0.0.1", int(port))) for _ in range(int(count))]
    for number, c in enumerate(clients):
        c.settimeout(LIMIT)
        c.sendall(b"client %d\n" % number)
    good = 0
    for number, c in reversed(list(enumerate(clients))):
        wanted, got = b"client %d\n" % number, b""
        while len(got) < len(wanted) and (data := c.recv(100)):
            got += data
        good += got == wanted
    for c in clients:
        c.shutdown(socket.SHUT_WR)
    ends = sum(c.recv(1) == b"" for c in clients)
    print(good, ends)


@script
def hold(where, count="1"):
    """Has that many connections until its input ends."""
    held = [dial(where) for _ in range(int(count))]
    print("held", flush=True)
    sys.stdin.read()
    del held
