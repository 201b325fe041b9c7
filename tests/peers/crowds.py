# SPDX-License-Identifier: ISC
"""Many clients at once."""
import os
import select
import socket
import sys
import threading
import time

from programs import read_pipe
from registry import script
from sockets import AT_ONCE, LIMIT, MARK, dial, is_quiet, read_all, read_exactly, reset, until_seen

# Of bad company.  With a longer LIMIT we are slow, and so are those it floods.
PAUSE = 0.005 * (LIMIT / 20) ** 2


def until_full(clients):
    """Sends lines to an echo from all, and reads nothing, until none takes
    more."""
    lines = b"a line of this length, and another one, and so on.\n" * 1000
    for c in clients:
        c.setblocking(False)
    takers = clients
    while takers:
        # An echo may pause between lines; but who has room takes it soon.
        takers = select.select([], takers, [], AT_ONCE / 5)[1]
        for c in takers:
            try:
                c.send(lines)
            except OSError:    # blocking, or cut off by a server for one
                pass


class Crowd:
    """Bad company in a process of its own: what it does to others is nothing.
    A flood is many times what the good ones send, though not so much that a
    machine under load could not read it."""

    def __init__(self, where):
        self.has_reset, said = os.pipe()
        self.pid = os.fork()
        if self.pid > 0:
            os.close(said)
            return
        os.close(self.has_reset)
        self.where = where
        self.said = said
        self.never_reads = dial(where)
        self.never_reads.setblocking(False)
        self.never_writes = dial(where)
        self.flooder = dial(where)
        for each in (self.resets, self.floods, self.fills, self.drains):
            threading.Thread(target=each, daemon=True).start()
        whose = select.poll()
        whose.register(said, 0)
        whose.poll(LIMIT * 1000)    # or until nobody is interested
        os._exit(0)

    def leave(self):
        """Not before it has been bad enough."""
        read_pipe(self.has_reset, 10)
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)

    def resets(self):
        while True:
            try:
                s = dial(self.where)
                s.sendall(b"reset\n")
                reset(s)
            except OSError:
                pass
            os.write(self.said, MARK)
            time.sleep(PAUSE)

    def floods(self):
        while True:
            try:
                self.flooder.sendall(b"flood\n" * 10000)
            except OSError:
                return
            time.sleep(PAUSE)

    def fills(self):
        """So that much comes back to who never reads."""
        while True:
            try:
                self.never_reads.send(b"unread\n" * 1000)
            except BlockingIOError:
                pass
            except OSError:
                return
            time.sleep(PAUSE)

    def drains(self):
        try:
            while self.flooder.recv(1 << 20):
                pass
        except OSError:
            pass


class Stopwatch:
    """What others do may cost a round trip its share of a machine, and no
    more."""

    def __init__(self):
        self.laps, self.last = [], time.monotonic()

    def lap(self):
        now = time.monotonic()
        self.laps.append(now - self.last)
        self.last = now

    def judge(self):
        longest = max(self.laps)
        assert longest < AT_ONCE, f"waited {longest} s"
        print("done")


@script
def queue(where):
    """Five clients at once of an echo with two places, where two can wait."""
    clients = []
    for number in range(5):
        clients.append(dial(where))
        clients[-1].sendall(b"%d" % number)
    busy = read_all(clients[4])
    print(busy.decode(), end="", flush=True)
    assert read_exactly(clients[0], 1) == b"0"
    assert read_exactly(clients[1], 1) == b"1"
    assert is_quiet(clients[2]) and is_quiet(clients[3])
    clients[1].shutdown(socket.SHUT_WR)
    assert read_exactly(clients[2], 1) == b"2"
    assert is_quiet(clients[3])
    clients[2].shutdown(socket.SHUT_WR)
    assert read_exactly(clients[3], 1) == b"3"
    clients[0].sendall(b"still")
    assert read_exactly(clients[0], 5) == b"still"


@script
def leave_queue(where, how):
    """Of an echo with a place for one, where one can wait, who waits leaves."""
    served, waiting = dial(where), dial(where)
    served.sendall(b"0")
    assert read_exactly(served, 1) == b"0"
    print("waits", flush=True)
    sys.stdin.readline()
    if how == "reset":
        reset(waiting)
    else:
        waiting.close()
    print("left", flush=True)
    sys.stdin.readline()
    waiting = dial(where)
    waiting.sendall(b"2")
    served.close()
    print(read_exactly(waiting, 1).decode())


@script
def fills(where, how):
    """A client of an echo that is full, and then leaves."""
    c = dial(where)
    until_full([c])
    if how == "reset":
        reset(c)


@script
def fill_and_leave(where, count, how, pause="0", waves="1"):
    """Clients of an echo that are full, and then leave, by reset or by close,
    after a pause.  A good client that comes while they are there is answered
    within six seconds of that; prints the longest that it took."""
    longest = 0
    for _ in range(int(waves)):
        bad = [dial(where) for _ in range(int(count))]
        until_full(bad)
        time.sleep(float(pause))
        good = dial(where)
        good.sendall(b"good\n")
        left_at = time.monotonic()
        for c in bad:
            if how == "reset":
                reset(c)
            else:
                c.close()
        got = b""
        while b"good" not in got:
            data = good.recv(100)
            assert data, "the good client is cut off"
            got += data
        good.close()
        longest = max(longest, time.monotonic() - left_at)
    print("late" if longest > 6 * LIMIT / 20 else "in time", "%.1f" % longest)


@script
def fill_and_reset(where, count):
    """That many clients send and never read until nothing moves any more or
    they have sent enough, and reset."""
    clients = [dial(where) for _ in range(int(count))]
    for s in clients:
        s.setblocking(False)
    still, sent = 0, 0
    while still < 5 and sent < 64 << 20:
        moved = 0
        for s in clients:
            try:
                moved += s.send(b"line\n" * 13107)
            except BlockingIOError:
                pass
            except OSError:
                still = 5    # it has been dropped
        sent += moved
        still = 0 if moved else still + 1
        time.sleep(0 if moved else 0.05)
    for s in clients:
        reset(s)


@script
def round_trips(where, count):
    """An echo answers that many times, in bad company."""
    good = dial(where)
    crowd = Crowd(where)
    watch = Stopwatch()
    for number in range(int(count)):
        good.sendall(b"trip %d\n" % number)
        until_seen(good, b"trip %d\n" % number, b"")
        watch.lap()
    crowd.leave()
    watch.judge()


@script
def conversation(where, count):
    """Two who hear each other answer that many times, in bad company."""
    one, other = dial(where), dial(where)

    def answer():
        rest = b""
        for number in range(int(count)):
            rest = until_seen(other, b"question %d\n" % number, rest)
            other.sendall(b"answer %d\n" % number)
        while other.recv(1 << 18):
            pass

    crowd = Crowd(where)
    threading.Thread(target=answer, daemon=True).start()
    watch = Stopwatch()
    rest = b""
    for number in range(int(count)):
        one.sendall(b"question %d\n" % number)
        rest = until_seen(one, b"answer %d\n" % number, rest)
        watch.lap()
    crowd.leave()
    watch.judge()


@script
def conversation_with_one(where, count):
    """Somebody behind the server answers to all, in bad company."""
    good = dial(where)
    crowd = Crowd(where)
    watch = Stopwatch()
    rest = b""
    for number in range(int(count)):
        good.sendall(b"question %d\n" % number)
        rest = until_seen(good, b"answer %d\n" % number, rest)
        watch.lap()
    crowd.leave()
    watch.judge()
