# SPDX-License-Identifier: ISC
"""Servers of one client, or of several."""
import select
import socket
import struct
import sys
import time

from registry import script
from sockets import (AT_ONCE, LIMIT, MARK, drained, each_client, fcntl_outq, is_over,
                     listener, read_all, reset, serve_echo, socket_at)


@script
def echo_once():
    c = listener().accept()[0]
    while data := c.recv(65536):
        c.sendall(data)
    c.close()


@script
def echoes(kind, where=None):
    """Echoes to every client until it is killed, each stream to its end."""
    s, is_stream = socket_at(kind, where)
    if is_stream:
        each_client(s, serve_echo)
    while True:
        data, who = s.recvfrom(65536)
        s.sendto(data, who)


@script
def collect():
    """Reads to the end, prints the bytes."""
    c = listener().accept()[0]
    while data := c.recv(65536):
        sys.stdout.buffer.write(data)
    sys.stdout.flush()


@script
def answers_late(kind, where=None):
    """Reads each client to the end, then says how much that was."""
    s, _ = socket_at(kind, where)

    def serve(c):
        size = 0
        while data := c.recv(65536):
            size += len(data)
        c.sendall(b"had %d bytes\n" % size)
        c.close()

    each_client(s, serve)


@script
def answers_once():
    """Answers the first line of each connection, with its number, and ends."""
    s = listener()
    number = 0
    while True:
        c = s.accept()[0]
        number += 1
        c.sendall(b"%d " % number + c.recv(100))
        c.close()


@script
def answers_late_or_never(seconds):
    """Answers a line after that time, unless its client has ended before, as
    many servers take it for one that has gone."""
    c = listener().accept()[0]
    c.recv(100)
    ended = select.select([c], [], [], float(seconds))[0]
    if not ended:
        c.sendall(b"answer\n")
    c.close()


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
def flood():
    """Sends until the peer goes away."""
    c = listener().accept()[0]
    try:
        while True:
            c.sendall(b"line\n" * 4096)
    except OSError:
        pass


@script
def floods_unread():
    """Sends all the time and reads nothing."""
    s = listener()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    c = s.accept()[0]
    try:
        while True:
            c.sendall(b"line\n" * 4096)
    except OSError:
        pass


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
def gaps(count):
    """Reads, prints the seconds between the first bytes of each read."""
    c = listener().accept()[0]
    times = []
    while c.recv(65536):
        times.append(time.monotonic())
    print(" ".join(f"{b - a:.3f}" for a, b in zip(times, times[1:])))


@script
def still_open():
    """Reads once and says whether an end of file follows at once."""
    c = listener().accept()[0]
    c.recv(65536)
    print("closed" if select.select([c], [], [], 0.3)[0] else "open")
    c.close()


@script
def end_comes_within(milliseconds):
    """Whether a client ends that soon after it has come."""
    c = listener().accept()[0]
    c.settimeout(int(milliseconds) / 1000 * LIMIT / 20)
    assert c.recv(1) == b"", "no end"
    c.close()


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
def speaks(pauses, size="1000", kind="tcp", where=None, first="asked"):
    """Serves one client after another: waits for its words, speaks so many
    bytes after each of these pauses, then ends.  A client whose end comes
    before that gets no more."""
    s, _ = socket_at(kind, where)
    pauses = [float(p) for p in pauses.split(",")]
    while True:
        with s.accept()[0] as c:
            if first == "asked":
                c.recv(65536)
            if speak(c, pauses, int(size))[0] < len(pauses):
                print("gave up", flush=True)


@script
def greets(pauses):
    """As speaks, without having been asked."""
    speaks(pauses, first="unasked")


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
def sees_reset():
    """Sends a byte and prints how its client ends."""
    c = listener().accept()[0]
    try:
        c.sendall(MARK)
        print("end" if c.recv(1) == b"" else "data")
    except ConnectionResetError:
        print("reset")


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


@script
def speak(c, pauses, size):
    """Says so many bytes after each of these pauses, and gives up when the
    other side ends, as some servers do.  Returns how many times it has spoken,
    and the time of the last byte in either direction."""
    last = time.monotonic()
    for number, pause in enumerate(pauses):
        end = time.monotonic() + pause
        while (left := end - time.monotonic()) > 0:
            if select.select([c], [], [], left)[0]:
                if is_over(c):
                    return number, last
                last = time.monotonic()
        c.sendall(b"x" * size)
        last = time.monotonic()
    return len(pauses), last
