# SPDX-License-Identifier: ISC
"""Members of hubs, brokers and chats."""
import os
import select
import socket
import subprocess
import threading
import time

from registry import script
from servers import flood
from sockets import AT_ONCE, LIMIT, dial, until_seen


class Hub:
    """Clients of a hub that is a broker or a chat."""

    def __init__(self, kind, where):
        self.kind, self.where, self.count = kind, where, 0

    def join(self):
        types = {"tcp": (socket.AF_INET, socket.SOCK_STREAM), "udp": (socket.AF_INET, socket.SOCK_DGRAM),
                 "unix": (socket.AF_UNIX, socket.SOCK_STREAM), "unix-datagram": (socket.AF_UNIX, socket.SOCK_DGRAM),
                 "seqpacket": (socket.AF_UNIX, socket.SOCK_SEQPACKET)}
        s = socket.socket(*types[self.kind])
        self.count += 1
        if self.kind == "unix-datagram":
            s.bind(f"member{self.count}")
        s.connect(self.where if s.family == socket.AF_UNIX else ("127.0.0.1", int(self.where)))
        s.settimeout(LIMIT)
        return s

    def meet(self, count):
        """Members who all know that the others are there: a first word from
        each, sent again until everybody has heard it."""
        members = [self.join() for _ in range(count)]
        if self.kind in ("udp", "unix-datagram"):
            for m in members:
                m.send(b"hello")
                time.sleep(0.01)
        for m in members:
            heard = set()
            while len(heard) < count - 1:
                m.send(b"?")
                for number, other in enumerate(members):
                    if other is not m and select.select([other], [], [], 0.01)[0]:
                        if b"?" in other.recv(65536):
                            heard.add(number)
        for m in members:
            while select.select([m], [], [], 0.05)[0]:
                m.recv(65536)
        return members


def is_silent(s):
    return not select.select([s], [], [], 0.05)[0]


def exactly(s, size):
    data = b""
    while len(data) < size and (more := s.recv(size - len(data))):
        data += more
    return data


def lines_of(s, count):
    """That many lines, each without its newline."""
    data = b""
    while data.count(b"\n") < count and (more := s.recv(65536)):
        data += more
    return data.split(b"\n")[:count]


@script
def brokered(kind, where):
    """Three members: what one sends reaches both others and not itself."""
    members = Hub(kind, where).meet(3)
    for number, m in enumerate(members):
        words = b"word %d" % number
        m.send(words)
        for other in members:
            if other is not m:
                assert exactly(other, len(words)) == words, "wrong words"
        assert is_silent(m), "sent back"
    print("passed on")


@script
def brokered_messages(kind, where):
    """Messages keep their boundaries."""
    a, b, c = Hub(kind, where).meet(3)
    sizes = (1, 700, 3, 60000 if kind == "udp" else 70000, 20)
    for size in sizes:
        a.send(b"x" * size)
    for other in (b, c):
        print(*(len(other.recv(1 << 18)) for _ in sizes))


@script
def brokered_empty(kind, where):
    """An empty message is one, too."""
    a, b, c = Hub(kind, where).meet(3)
    a.send(b"")
    a.send(b"x")
    print(*(len(s.recv(100)) for s in (b, c) for _ in range(2)))


@script
def brokered_slow(where):
    """One member never reads; two others talk all the time."""
    hub = Hub("tcp", where)
    a, b = hub.meet(2)
    slow = hub.join()
    slow.sendall(b"!")
    assert exactly(a, 1) == exactly(b, 1) == b"!"
    longest = 0
    for _ in range(1000):
        start = time.monotonic()
        a.sendall(b"x" * 32768)
        assert len(exactly(b, 32768)) == 32768
        longest = max(longest, time.monotonic() - start)
    slow.settimeout(LIMIT)
    try:
        while slow.recv(1 << 20):
            pass
        print("end")
    except ConnectionResetError:
        print("reset")
    assert longest < AT_ONCE, f"waited {longest} s"


@script
def greedy_and_modest(where, size):
    """One member of a broker never stops sending; prints how much of what
    another one sends is heard all the same."""
    reader, greedy, modest = dial(where), dial(where), dial(where)

    def flood():
        try:
            while True:
                greedy.sendall(b"g" * 65536)
        except OSError:
            pass

    def drop(s):
        try:
            while s.recv(1 << 20):
                pass
        except OSError:
            pass

    threads = [threading.Thread(target=each, args=args, daemon=True)
               for each, args in ((flood, ()), (drop, (greedy,)), (drop, (modest,)))]
    for t in threads:
        t.start()
    while b"g" not in reader.recv(1 << 18):
        pass
    sender = threading.Thread(target=modest.sendall, args=(b"m" * int(size),), daemon=True)
    sender.start()
    heard = 0
    while heard < int(size):
        heard += reader.recv(1 << 18).count(b"m")
    print(heard)
    os._exit(0)


@script
def chat_story(where):
    """Two members join, talk and leave; prints what the first one sees."""
    hub = Hub("tcp", where)
    a = hub.join()
    b = hub.join()
    seen = lines_of(a, 1)
    b.sendall(b"one\ntwo\n")
    seen += lines_of(a, 2)
    a.sendall(b"three\n")
    assert lines_of(b, 1) == [b"<user1> three"]
    b.sendall(b"fo")
    assert is_silent(a), "half a line"
    b.sendall(b"ur\nfive")
    b.shutdown(socket.SHUT_WR)
    seen += lines_of(a, 3)
    for line in seen:
        print(line.decode())


@script
def chat_says(where, *words):
    """Prints, for each of these words (Python escapes), the bytes that the
    others see, as Python writes them."""
    hub = Hub("tcp", where)
    a, b = hub.join(), hub.join()
    for word in words:
        b.sendall(word.encode().decode("unicode_escape").encode("latin-1"))
    b.shutdown(socket.SHUT_WR)
    seen = b""
    while b"user2 left" not in seen:
        seen += a.recv(65536)
    for line in seen.split(b"\n")[1:-2]:
        print(repr(line)[2:-1])


@script
def chat_long(where):
    """A line of 10000 bytes; prints the length of each that comes of it."""
    hub = Hub("tcp", where)
    a, b = hub.join(), hub.join()
    b.sendall(b"x" * 10000 + b"\n")
    print(*(len(line) for line in lines_of(a, 4)[1:]))


@script
def chat_bursts(where, readers, rounds):
    """One member of a chat says many empty lines at once, that often; prints
    how many each reader got."""
    listening = [dial(where) for _ in range(int(readers))]
    speaker = dial(where)
    speaker.sendall(b"last to join\n")
    counts, rests = [0] * len(listening), [b""] * len(listening)
    for number, s in enumerate(listening):
        rests[number] = until_seen(s, b"> last to join\n", b"")

    def send():
        for _ in range(int(rounds)):
            speaker.sendall(b"\n" * 65536)

    def drop():
        while speaker.recv(1 << 20):
            pass

    def count(number):
        while counts[number] < 65536 * int(rounds) and (data := listening[number].recv(1 << 16)):
            data = rests[number] + data
            counts[number] += data.count(b"> \n")
            rests[number] = data[data.rfind(b"\n") + 1:]

    threading.Thread(target=drop, daemon=True).start()
    threads = [threading.Thread(target=count, args=(n,)) for n in range(len(listening))]
    threads.append(threading.Thread(target=send))
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(*counts)


@script
def hub_input(kind, sizes, client, *command):
    """Runs a server with a message socket as its input and sends messages of
    these sizes; prints the sizes of what a client reads, in all for TCP."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, getattr(socket, "SOCK_" + kind))
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    child = subprocess.Popen(command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    theirs.close()
    port = int(child.stderr.readline().split()[-1])
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if client == "udp" else socket.SOCK_STREAM)
    s.settimeout(LIMIT)
    s.connect(("127.0.0.1", port))
    if client == "udp":
        s.send(b"here")
    child.stderr.readline()
    sizes = [int(size) for size in sizes.split(",")]
    for size in sizes:
        ours.send(b"x" * size)
    if client == "udp":
        print(*(len(s.recv(65536)) for _ in sizes))
    else:
        print(len(exactly(s, sum(sizes))))
    child.kill()
    child.wait()


@script
def hub_output(kind, sizes, client, *command):
    """Runs a server with a message socket as its output; a client sends as
    many bytes, or for UDP datagrams of these sizes.  Prints the sizes of the
    messages that come out, or how much they are in all."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, getattr(socket, "SOCK_" + kind))
    ours.settimeout(LIMIT)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE)
    theirs.close()
    port = int(child.stderr.readline().split()[-1])
    sizes = [int(size) for size in sizes.split(",")]
    if client == "udp":
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.connect(("127.0.0.1", port))
        for size in sizes:
            s.send(b"x" * size)
        print(*(len(ours.recv(1 << 18)) for _ in sizes))
    else:
        s = dial(str(port))
        data = b"x" * 99 + b"\n"
        s.sendall(data * (sizes[0] // 100))
        left, are_lines = sizes[0], True
        while left > 0:
            message = ours.recv(1 << 18)
            are_lines &= message.endswith(b"\n")
            left -= len(message)
        print(left, are_lines)
    print(child.poll() is None)
    child.kill()
    child.wait()
