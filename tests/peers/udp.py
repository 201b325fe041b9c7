# SPDX-License-Identifier: ISC
"""Datagram peers."""
import os
import socket
import time

from programs import memory_of
from registry import script
from sockets import AT_ONCE, LIMIT, listener


def senders(port, count):
    made = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(int(count))]
    for s in made:
        s.settimeout(LIMIT)
        s.connect(("127.0.0.1", int(port)))
        s.send(b"question\n")
    return made


def asked(s, text):
    """What was sent before the end was seen went with the session."""
    while True:
        s.send(text)
        try:
            return s.recv(100)
        except TimeoutError:
            pass


@script
def udp_echo(count):
    """Sends each of that many datagrams back to its sender; prints sizes."""
    s = listener(socket.SOCK_DGRAM)
    s.settimeout(LIMIT)
    for _ in range(int(count)):
        data, who = s.recvfrom(65536)
        print(len(data), flush=True)
        s.sendto(data, who)


@script
def udp_echo_all():
    s = listener(socket.SOCK_DGRAM)
    while True:
        s.sendto(*s.recvfrom(1000))


@script
def udp_silent():
    s = listener(socket.SOCK_DGRAM)
    while True:
        s.recv(1000)


@script
def udp_sizes(count):
    """Prints the size of each of that many datagrams."""
    s = listener(socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    s.settimeout(LIMIT)
    for _ in range(int(count)):
        print(len(s.recv(65536)), flush=True)


@script
def udp_sizes_at(host, count):
    """As udp_sizes, at an address of either family."""
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((host, 0))
    s.settimeout(LIMIT)
    print(s.getsockname()[1], flush=True)
    for _ in range(int(count)):
        print(len(s.recv(65536)), flush=True)


@script
def udp_send(port, sizes, host="127.0.0.1"):
    """Sends datagrams of these sizes, each filled with its own number."""
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    s.connect((host, int(port)))
    for number, size in enumerate(sizes.split(",")):
        s.send(bytes([(number + 1) % 256]) * int(size))


@script
def send_udp(port, count, size):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", int(port)))
    for i in range(int(count)):
        s.send(b"." + b"x" * (int(size) - 2) + b"\n")


@script
def send_texts(port, *texts):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", int(port)))
    for text in texts:
        s.send(text.encode())


@script
def udp_ask(port, host, text):
    """Sends a datagram to one address, wants the answer from the same."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(LIMIT)
    s.sendto(text.encode(), (host, int(port)))
    data, who = s.recvfrom(65536)
    print(who[0], data.decode(), end="")


@script
def udp_ask_all(port, host, text):
    """As udp_ask, by broadcast."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.settimeout(LIMIT)
    s.sendto(text.encode(), (host, int(port)))
    data, who = s.recvfrom(65536)
    print(who[0], data.decode(), end="")


@script
def ask_twice(port, mode):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(AT_ONCE)
    s.connect(("127.0.0.1", int(port)))
    for text in [b"first\n", b"second\n"][:2 if mode == "-k" else 1]:
        print(asked(s, text).decode(), end="", flush=True)


@script
def until_answered(port, target, count):
    """Sends to a forwarder whose target is not there yet, then is."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(AT_ONCE)
    s.connect(("127.0.0.1", int(port)))
    for _ in range(int(count)):
        s.send(b"question")
        time.sleep(0.001)
    t = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    t.bind(("127.0.0.1", int(target)))
    s.send(b"last")
    t.sendto(b"answer", t.recvfrom(100)[1])
    s.recv(100)


@script
def datagram_clients(kind, where, count, rounds="3", host="127.0.0.1"):
    """That many datagram sockets at once; each wants its own words back, in
    order.  Prints how many did."""
    clients = []
    for number in range(int(count)):
        if kind == "unix":
            c = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            c.bind(f"client{number}")
            c.connect(where)
        else:
            c = socket.socket(socket.AF_INET6 if kind == "udp6" else socket.AF_INET, socket.SOCK_DGRAM)
            c.connect((host, int(where)))
        c.settimeout(LIMIT)
        clients.append(c)
    good = [0] * len(clients)
    for turn in range(int(rounds)):
        for number, c in enumerate(clients):
            c.send(b"%d of client %d" % (turn, number) + b"." * (number % 7))
        for number, c in enumerate(clients):
            good[number] += c.recv(1000) == b"%d of client %d" % (turn, number) + b"." * (number % 7)
    print(sum(n == int(rounds) for n in good))


@script
def answers_from(port, *hosts):
    """Asks each address of a server, and prints who answers."""
    for host in hosts:
        s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        s.settimeout(LIMIT)
        s.sendto(b"question", (host, int(port)))
        data, who = s.recvfrom(1000)
        print(who[0], who[1] == int(port), data.decode())


@script
def oldest_leaves(port):
    """Three peers of a server that has room for two; its answers count what
    each session has had.  Prints the answers in order."""
    def ask(s):
        s.sendto(b"x\n", ("127.0.0.1", int(port)))
        return s.recv(100).decode().strip()

    a, b, c = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3))
    for s in (a, b, c):
        s.settimeout(LIMIT)
    print(ask(a), ask(b), ask(a), ask(c), ask(a), ask(b), ask(c), ask(b))


@script
def gone_peer(port):
    """A peer that asks for an answer and is gone when it comes."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.sendto(b"x\n", ("127.0.0.1", int(port)))


@script
def peers_come_and_go(pid, port, count):
    """Peers come twice and expire; prints whether descriptors, children and
    memory are as after the first time."""
    def state():
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            return len(os.listdir(f"/proc/{pid}/fd")), len(children.read().split()), memory_of(pid)

    def visit(count):
        for number in range(count):
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.settimeout(LIMIT)
            s.sendto(b"%d" % number, ("127.0.0.1", int(port)))
            assert s.recv(100) == b"%d" % number
            s.close()
        busy = state()
        end = time.monotonic() + LIMIT
        while state()[1] > 0 and time.monotonic() < end:
            time.sleep(0.01)
        return busy, state()

    idle = state()
    _, first = visit(int(count))
    busy, second = visit(int(count))
    assert busy[1] > 0, "no child was there"
    assert first[:2] == second[:2] == idle[:2], f"{idle} {first} {second}"
    assert second[2] < first[2] + 1024, f"memory grew from {first[2]} to {second[2]} KB"
    print("as before")


@script
def many_ask(port, count):
    """Each from a port of its own, all at once; prints how many are answered."""
    print(sum(s.recv(100) == b"question\n" for s in senders(port, count)))


@script
def many_send(port, count):
    for s in senders(port, count):
        s.close()
