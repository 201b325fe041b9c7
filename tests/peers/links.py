# SPDX-License-Identifier: ISC
"""Networks between two namespaces, which lose, delay and are cut."""
import fcntl
import hashlib
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

from programs import read_pipe, run_server
from registry import script
from servers import speak
from sockets import LIMIT, each_client, serve_echo


class Line:
    """A line to 10.9.0.2 and back that takes so many seconds each way, in a
    network namespace of its own: what is sent to that address comes in at
    10.9.0.1 as if another had sent it.  Nothing gets through once it is cut."""

    def __init__(self, delay=0.0):
        self.tun = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(self.tun, 0x400454ca, struct.pack("16sH22x", b"line", 0x1001))    # TUNSETIFF: IFF_TUN, IFF_NO_PI
        for words in ("addr add 10.9.0.1/24 dev line", "link set line mtu 9000 up", "link set lo up"):
            subprocess.run(["ip", *words.split()], check=True)
        self.delay = delay
        self.is_cut = False
        threading.Thread(target=self.carry, daemon=True).start()

    def carry(self):
        under_way = []
        while True:
            wait = max(0, under_way[0][0] - time.monotonic()) if under_way else None
            if select.select([self.tun], [], [], wait)[0]:
                packet = os.read(self.tun, 65536)
                # IPv4 only.  Addresses change places, which no sum notices.
                if packet[0] >> 4 == 4 and not self.is_cut:
                    swapped = packet[:12] + packet[16:20] + packet[12:16] + packet[20:]
                    under_way.append((time.monotonic() + self.delay, swapped))
            while under_way and under_way[0][0] <= time.monotonic():
                try:
                    os.write(self.tun, under_way.pop(0)[1])
                except OSError:
                    pass


def errors_of(child):
    """What a child that has ended, and its commands, said as errors, without
    ports.  A command may still hold the other end."""
    import re
    os.set_blocking(child.stderr.fileno(), False)
    said = (child.stderr.read() or b"").decode()
    return [re.sub(r"port \d+", "port N", line) for line in said.splitlines() if line.startswith("sockcat: ") or "timed out" in line]


def end_in_time(children, most, start):
    """Waits for these, by name; prints how each has ended."""
    for name, child in children.items():
        try:
            status = child.wait(max(0, start + most - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"{name}: does not end")
            child.kill()
            child.wait()
        else:
            print(f"{name}:", status, *errors_of(child))


@script
def long_line(delay, *command):
    """Runs a client of a server at the end of a long line that answers a tenth
    of a second after it was asked."""
    Line(float(delay))
    server = socket.create_server(("10.9.0.1", 0))
    child = subprocess.Popen([*command, "10.9.0.2", str(server.getsockname()[1])])
    c = server.accept()[0]
    c.recv(100)
    speak(c, [.1], 1000)
    c.close()
    sys.exit(child.wait(LIMIT))


@script
def cut_transfers(most, *command):
    """The line is cut of a receiver that waits, and of both ends of a transfer
    that is under way.  Prints how they end within so many seconds."""
    line = Line()
    quiet = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    waiting, port = run_server(command, "10.9.0.1", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    asks = subprocess.Popen([*command, "10.9.0.2", str(port)], **quiet)
    asks.stdin.write(b"line\n")
    asks.stdin.flush()
    assert waiting.stdout.readline() == b"line\n"
    receiver, port = run_server([*command, "-d"], "10.9.0.1", stdout=subprocess.PIPE)
    with open("/dev/zero", "rb") as zeros:
        sender = subprocess.Popen([*command, "10.9.0.2", str(port)], **{**quiet, "stdin": zeros})
    read_pipe(receiver.stdout.fileno(), 1 << 20)

    def drain():
        while os.read(receiver.stdout.fileno(), 1 << 20):
            pass

    threading.Thread(target=drain, daemon=True).start()
    line.is_cut = True
    end_in_time({"waiting": waiting, "receiver": receiver, "sender": sender}, float(most), time.monotonic())
    asks.kill()
    asks.wait()


@script
def cut_shut_window(most, *command):
    """As cut_transfers, where the receiver had stopped reading before."""
    import signal
    line = Line()
    receiver, port = run_server([*command, "-d"], "10.9.0.1", stdout=subprocess.PIPE)
    with open("/dev/zero", "rb") as zeros:
        sender = subprocess.Popen([*command, "10.9.0.2", str(port)], stdin=zeros, stderr=subprocess.PIPE)
    read_pipe(receiver.stdout.fileno(), 1 << 20)
    receiver.send_signal(signal.SIGSTOP)
    time.sleep(5)
    line.is_cut = True
    end_in_time({"sender": sender}, float(most), time.monotonic())
    receiver.kill()
    receiver.wait()


@script
def cut_sessions(most, *command):
    """The line is cut of the client that has the only place of a server, for
    each kind of server.  Prints whether another one is served within so many
    seconds, and what the server says."""
    line = Line()
    echo = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=each_client, args=(echo, serve_echo), daemon=True).start()
    kinds = {"star": ["-d"], "command": ["-e", "cat"], "deaf command": ["-c", "read -r x; echo $x; exec sleep 1000"],
             "deaf command in JSON": ["--log-format", "json", "-c", "read -r x; echo $x; exec sleep 1000"],
             "piped command": ["-C", "-e", "cat"], "forward": ["--forward", f"127.0.0.1:{echo.getsockname()[1]}"]}
    servers = {}
    clients = []

    def is_served(c, server, word):
        c.sendall(word + b"\n")
        if server.stdout is not None:
            return server.stdout.readline() == word + b"\n"
        return c.recv(100).rstrip() == word

    for name, options in kinds.items():
        server, port = run_server([*command, "-k", "--max-conns", "1", *options], "10.9.0.1",
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if name == "star" else None)
        servers[name] = server, port
        clients.append(socket.create_connection(("10.9.0.2", port)))
        assert is_served(clients[-1], server, b"first")
    line.is_cut = True
    for name, (_, port) in servers.items():
        clients.append(socket.create_connection(("10.9.0.1", port)))
        clients[-1].settimeout(float(most))
    for c, (name, (server, _)) in zip(clients[len(servers):], servers.items()):
        threading.Timer(float(most), server.kill).start()
        try:
            print(f"{name}:", "served" if is_served(c, server, b"second") else "not served", end=" ")
        except OSError:
            print(f"{name}: not served", end=" ")
        server.kill()
        server.wait()
        print(*errors_of(server))
    sys.stdout.flush()
    os._exit(0)


@script
def stopped_receiver(seconds, *command):
    """A receiver is stopped for so long in the middle of a transfer.  Prints
    whether all arrived, and the status of both."""
    import hashlib
    import signal
    size, sums = 200 << 20, []
    receiver, port = run_server([*command, "-d"], stdout=subprocess.PIPE)
    sender = subprocess.Popen([*command, "127.0.0.1", str(port)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def feed():
        block, hashed = os.urandom(1 << 20), hashlib.sha256()
        for number in range(size >> 20):
            data = number.to_bytes(4, "big") + block[4:]
            hashed.update(data)
            sender.stdin.write(data)
        sender.stdin.close()
        sums.append(hashed.digest())

    feeder = threading.Thread(target=feed)
    feeder.start()
    hashed, count = hashlib.sha256(), 0
    while data := os.read(receiver.stdout.fileno(), 1 << 20):
        if count < 1 << 22 <= count + len(data):
            receiver.send_signal(signal.SIGSTOP)
            time.sleep(float(seconds))
            assert feeder.is_alive(), "the sender was not held up"
            receiver.send_signal(signal.SIGCONT)
        hashed.update(data)
        count += len(data)
    feeder.join()
    print("whole" if sums == [hashed.digest()] else f"{count} bytes", sender.wait(LIMIT), receiver.wait(LIMIT))
