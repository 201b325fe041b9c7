# SPDX-License-Identifier: ISC
"""Servers of one client, or of several."""
import select
import sys
import time

from registry import script
from sockets import (LIMIT, MARK, each_client, is_over, listener, send_until_closed, serve_echo,
                     socket_at)


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
def flood():
    """Sends until the peer goes away."""
    c = listener().accept()[0]
    send_until_closed(c)


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
def sees_reset():
    """Sends a byte and prints how its client ends."""
    c = listener().accept()[0]
    try:
        c.sendall(MARK)
        print("end" if c.recv(1) == b"" else "data")
    except ConnectionResetError:
        print("reset")


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
